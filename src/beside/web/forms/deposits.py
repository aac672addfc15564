"""Making a link through which somebody can add photographs, and thanking them."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from beside.photos.deposits import MOST, USUALLY, Terms
from beside.web.forms.styled import TOO_LONG, NameField, StyledForm


class ThanksForm(StyledForm):
    """Words of thanks, which the keeper can change at any time."""

    thanks = forms.CharField(
        label=_("A note of thanks"),
        help_text=_("They’ll see it once they’ve added something, and whenever they come back."),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 4, "class": "letter"}),
        error_messages={"max_length": TOO_LONG},
    )


class DepositForm(ThanksForm):
    """Who the link is for, how long it lasts, and how many photographs may come through it."""

    name = NameField(
        label=_("Who is it for?"),
        help_text=_("A name, or “Ingrid, nights, ward 6”. It’s shown beside what they add."),
        max_length=80,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={
            "required": _("Who is it for? Anything that helps you know them is enough.")
        },
    )
    message = forms.CharField(
        label=_("A line to them, if you like"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"max_length": TOO_LONG},
    )
    good_for = forms.TypedChoiceField(
        label=_("For how long?"),
        choices=[("7", _("A week")), ("30", _("A month")), ("91", _("Three months"))],
        initial="30",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how long it may be used.")},
    )
    most = forms.IntegerField(
        label=_("How many photographs at most?"),
        initial=USUALLY,
        min_value=1,
        max_value=MOST,
        widget=forms.NumberInput({"inputmode": "numeric"}),
        error_messages={
            "invalid": _("A number from 1 to 200, please."),
            "min_value": _("A number from 1 to 200, please."),
            "max_value": _("A number from 1 to 200, please."),
        },
    )
    field_order = ("name", "message", "good_for", "most", "thanks")

    def terms(self) -> Terms:
        """What was typed. Only for a valid form."""
        typed = {**self.cleaned_data, "good_for": timedelta(days=self.cleaned_data["good_for"])}
        return Terms(**typed)
