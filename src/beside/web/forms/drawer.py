"""A photograph's words, typed in the drawer."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from beside.web.forms.styled import StyledForm


class WordsForm(StyledForm):
    """A photograph's description and caption. Both are optional."""

    description = forms.CharField(
        label=_("What can be seen"),
        help_text=_(
            "For people who can’t see it, and for those who’d rather read first what’s in it."
        ),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 2}),
    )
    caption = forms.CharField(
        label=_("Words under it"),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 2}),
    )
