"""Writing a private letter."""

from __future__ import annotations

from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from beside.responses.models import LONGEST_RESPONSE
from beside.web.forms.styled import TOO_LONG, StyledForm


class PrivateLetterForm(StyledForm):
    """The words. With the hidden `id` the letter is sent only once."""

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
        self.fields["words"].widget.attrs.pop("maxlength", None)

    def letter_id(self) -> UUID:
        """The id to send it under, once the form is valid."""
        found: UUID = self.cleaned_data["id"] or uuid4()
        return found
