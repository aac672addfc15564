"""Inviting somebody to have an account here."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from beside.web.forms.styled import NameField, StyledForm


class InvitationForm(StyledForm):
    """Who is invited, and where to send the link."""

    name = NameField(
        label=_("Who is it for?"),
        help_text=_("A first name is enough. Only you and they see it."),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Who is it for? A first name is enough.")},
    )
    email = forms.EmailField(
        label=_("Their e-mail address"),
        help_text=_(
            "Optional. If you give it, we send the link there; you’ll see it here as well. The mail doesn’t say who it’s"
            " from, so tell them that it’s coming."
        ),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
