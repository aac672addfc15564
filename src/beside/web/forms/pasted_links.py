"""The field for a link that somebody was sent."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from beside.web.forms.styled import StyledForm


class PastedForm(StyledForm):
    """A link as somebody was sent it. A script fills it in from the address bar."""

    secret = forms.CharField(
        label=_("The link that you were sent"),
        help_text=_("Paste the whole link here, if it isn’t here already."),
        max_length=400,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "off"}),
        error_messages={"required": _("Paste in the link that you were sent.")},
    )

    def clean_secret(self) -> str:
        """The secret alone, whether the whole link was pasted or only that."""
        return str(self.cleaned_data["secret"]).rpartition("#")[2].strip()
