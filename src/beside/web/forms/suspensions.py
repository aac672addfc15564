"""Closing a mail address, and appealing against what was closed."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from beside.web.forms.reports import BecauseForm
from beside.web.forms.styled import TOO_LONG, StyledForm


class AddressForm(BecauseForm):
    """A mail address that can't be invited and can't join, and why, for the other moderators."""

    address = forms.EmailField(
        label=_("The e-mail address"), widget=forms.EmailInput({"autocomplete": "off"})
    )
    field_order = ("address", "because")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["because"].label = _("Why? Only moderators read this.")
        self.fields["because"].help_text = ""


class AppealForm(StyledForm):
    """What somebody says to those who closed something of theirs."""

    words = forms.CharField(
        label=_("What would you like to say to them?"),
        max_length=2000,
        widget=forms.Textarea({"rows": 5, "class": "letter"}),
        error_messages={
            "required": _("A sentence is enough: what they should know."),
            "max_length": TOO_LONG,
        },
    )
