"""Asking the other authors for their yes: a few words, if one likes."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from beside.web.forms.styled import TOO_LONG, StyledForm


class MessageForm(StyledForm):
    """A few words that go with a question."""

    message = forms.CharField(
        label=_("A few words with it, if you like"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": "3"}),
        error_messages={"max_length": TOO_LONG},
    )
