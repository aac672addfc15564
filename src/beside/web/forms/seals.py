"""Opening a sealed response."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from beside.web.forms.styled import TOO_LONG, StyledForm


class ReasonForm(StyledForm):
    """Why somebody opens a seal. The authors read it."""

    reason = forms.CharField(
        label=_("Why are you opening it?"),
        help_text=_("The authors can read this line."),
        max_length=300,
        widget=forms.Textarea({"rows": "2"}),
        error_messages={
            "required": _("It opens only with a reason. A few words are enough."),
            "max_length": TOO_LONG,
        },
    )
