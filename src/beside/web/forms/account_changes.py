"""The form that takes the link to undo a change of one's account."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from beside.web.forms.styled import StyledForm


class PastedForm(StyledForm):
    """The link from the mail. A script fills it in from the address bar."""

    secret = forms.CharField(
        label=_("The link that you were sent"),
        help_text=_("Paste the whole of it here."),
        max_length=400,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "off"}),
        error_messages={"required": _("Paste in the link that you were sent.")},
    )

    def clean_secret(self) -> str:
        """Only the secret, whether the whole link was pasted or that alone."""
        return str(self.cleaned_data["secret"]).rpartition("#")[2].strip()
