"""Writing to a letter's authors: "I am in this photograph"."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from beside.access.claims import ClaimText
from beside.web.forms.styled import TOO_LONG, NameField, StyledForm


class ClaimForm(StyledForm):
    """`photos` are the ids of the letter's photographs, in order, each with the ordinal that it is called by."""

    photo = forms.TypedChoiceField(
        label=_("Which photograph?"), required=False, coerce=UUID, empty_value=None
    )
    name = NameField(
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

    def __init__(self, data: QueryDict | None, *, photos: Sequence[tuple[UUID, str]]) -> None:
        super().__init__(data)
        field = self.fields["photo"]
        assert isinstance(field, forms.TypedChoiceField)
        places = [(str(photo), ordinal) for photo, ordinal in photos]
        field.choices = [("", _("I’ll say which one in words")), *places]

    def claim_text(self) -> ClaimText:
        """What was typed. Only for a valid form."""
        typed = self.cleaned_data
        return ClaimText(typed["name"], typed["words"], typed["address"])
