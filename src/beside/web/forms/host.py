"""What the host writes for everybody here."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from beside.web.forms.styled import TOO_LONG, StyledForm


class HouseWordsForm(StyledForm):
    """A few sentences, a telephone number, and a few words about it; each may be empty."""

    words = forms.CharField(
        label=_("What you’d like everybody to read"),
        help_text=_("It’s on the first page and under “How this place works”. Plain text."),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 6, "class": "letter"}),
        error_messages={"max_length": TOO_LONG},
    )
    helpline = forms.CharField(
        label=_("A telephone number for someone who needs someone now"),
        help_text=_("It’s at the foot of every page. Digits, spaces, + and - only."),
        required=False,
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "tel", "dir": "ltr"}),
        error_messages={"max_length": TOO_LONG},
    )
    helpline_says = forms.CharField(
        label=_("Who answers, and when"),
        help_text=_("A few words, such as: the bereavement team, at any hour"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"max_length": TOO_LONG},
    )
