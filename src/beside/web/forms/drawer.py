"""What is typed in the drawer: a photograph's words."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from beside.web.forms.dressing import Dressed


class WordsForm(Dressed):
    """What can be seen in a photograph, and what stands under it. Both can stay empty."""

    description = forms.CharField(
        label=_("What can be seen"),
        help_text=_("For people who can’t see it, and for those who’d rather read first."),
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
