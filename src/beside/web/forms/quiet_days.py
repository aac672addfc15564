"""How long quiet days last."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from beside.people.quiet_days import HowLong
from beside.web.forms.styled import StyledForm


class QuietDaysForm(StyledForm):
    """A day, a week, a month, or until they are ended."""

    how_long = forms.ChoiceField(
        label=_("For how long"),
        choices=HowLong.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how long they last.")},
    )
