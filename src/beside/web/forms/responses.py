"""Writing a response to a letter."""

from __future__ import annotations

from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from beside.responses.models import LONGEST_RESPONSE
from beside.responses.responses import ResponseText
from beside.web.forms.styled import TOO_LONG, NameField, StyledForm


class WordsForm(StyledForm):
    """Words to somebody. With the hidden `id` they are sent only once."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    words = forms.CharField(
        label=_("Your words"),
        max_length=LONGEST_RESPONSE,
        widget=forms.Textarea({"rows": 5, "class": "letter"}),
        error_messages={
            "required": _("There’s nothing written here yet. One sentence is enough."),
            "max_length": TOO_LONG,
        },
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"id": uuid4()})
        # A browser would cut what is longer, without a word.
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)

    @property
    def typed(self) -> str:
        """The words as they were typed, whether or not the form is valid."""
        return str(self.data.get("words", ""))

    def sent_id(self) -> UUID:
        """The id to send it under, once the form is valid."""
        found: UUID = self.cleaned_data["id"] or uuid4()
        return found


class ResponseForm(WordsForm):
    """The words, a name for this one response, and who may read it."""

    only_for_authors = forms.BooleanField(
        label=_("For them only"),
        help_text=_(
            "It never stands beside the letter. If you leave this unticked, they may show it there, to"
            " anyone who can read the letter."
        ),
        required=False,
    )
    pen_name = NameField(
        label=_("Another name, for this one response"),
        help_text=_(
            "They see it in place of yours, marked as a pen name. It isn’t a disguise: this place"
            " knows whose it is, and in the end they may too."
        ),
        required=False,
        max_length=80,
        error_messages={"max_length": TOO_LONG},
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def text(self) -> ResponseText:
        """What to send, once the form is valid."""
        typed = self.cleaned_data
        return ResponseText(typed["words"], typed["pen_name"], typed["only_for_authors"])
