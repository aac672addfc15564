"""How many cards are printed."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from beside.web.forms.choices import Choice
from beside.web.forms.styled import StyledForm

SHEETS = {
    "4": Choice(_("Four"), _("Each is a postcard (A6) of an A4 sheet.")),
    "10": Choice(_("Ten"), _("Each is about as large as a visiting card.")),
}


class CardsForm(StyledForm):
    """Four or ten on a sheet."""

    count = forms.ChoiceField(
        label=_("How many on the sheet?"),
        choices=list(SHEETS.items()),
        initial="4",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how many.")},
    )
