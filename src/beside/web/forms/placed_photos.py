"""What is typed about one photograph of a letter, and where it is in it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from beside.posts.autosave import PhotoPage, digest
from beside.posts.text import PhotoText
from beside.web.forms.editor import Typed
from beside.web.forms.styled import StyledForm


class PlacedPhotoForm(StyledForm):
    """The page of one photograph. `version` is the digest of the words that the page was last saved as."""

    page = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.CharField(widget=forms.HiddenInput, max_length=64)
    description = Typed(
        label=_("What can be seen"),
        help_text=_("For people who can’t see it, and for those who’d rather read first."),
        rows=3,
        max_length=4000,
    )
    caption = Typed(label=_("Words under it, if you like"), rows=2, max_length=4000)
    place = forms.IntegerField(
        label=_("Its place"),
        required=False,
        min_value=1,
        error_messages={
            "invalid": _("This needs a number: 1 is the first place."),
            "min_value": _("The first place is 1."),
        },
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )
    beside_previous = forms.BooleanField(
        label=_("Next to the photograph before it"), required=False
    )
    closed = forms.BooleanField(
        label=_("Hide it from me"),
        help_text=_("It’s kept safely, and you don’t see it until you say so."),
        required=False,
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        # It opens over the letter's page, whose fields have these ids too.
        super().__init__(*args, auto_id="photo_%s", **kwargs)

    def words(self) -> PhotoText:
        """What was typed, from a valid form."""
        typed = self.cleaned_data
        return PhotoText(typed["description"], typed["caption"], typed["beside_previous"])

    def based_on(self) -> PhotoPage:
        """This page, and the words that it was last saved as."""
        return PhotoPage(self.cleaned_data["page"], self.cleaned_data["version"])


def initial(words: PhotoText, *, place: int) -> dict[str, Any]:
    """The initial values of a `PlacedPhotoForm` for a photograph with these words, at this place."""
    return {
        "page": uuid4(),
        "version": digest(words),
        "description": words.description,
        "caption": words.caption,
        "beside_previous": words.beside_previous,
        "place": place,
    }
