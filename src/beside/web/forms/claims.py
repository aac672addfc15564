""" "I am in this photograph": who says so, how to reach them, and what they would like to say."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from beside.access.claims import ClaimText
from beside.web import numbers
from beside.web.forms.dressing import TOO_LONG, Dressed


class ClaimForm(Dressed):
    """Takes the photographs of the letter, in order: their places are all that it says of them."""

    photo = forms.TypedChoiceField(
        label=_("Which photograph?"), required=False, coerce=UUID, empty_value=None
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": _("Who are you? They’d like to know.")},
    )
    address = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("If you’d like an answer. Only they see it."),
        required=False,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    words = forms.CharField(
        label=_("What would you like to say to them?"),
        max_length=2000,
        widget=forms.Textarea({"rows": 5, "class": "letter"}),
        error_messages={
            "required": _("A sentence is enough: where you are in it, and what you’d like."),
            "max_length": TOO_LONG,
        },
    )

    def __init__(self, data: QueryDict | None, *, photos: Sequence[UUID]) -> None:
        super().__init__(data)
        field = self.fields["photo"]
        assert isinstance(field, forms.TypedChoiceField)
        places = [(str(photo), numbers.ordinal(place)) for place, photo in enumerate(photos, 1)]
        field.choices = [("", _("I say it in words")), *places]

    def said(self) -> ClaimText:
        """What was typed, once it is valid."""
        typed = self.cleaned_data
        return ClaimText(typed["name"], typed["words"], typed["address"])
