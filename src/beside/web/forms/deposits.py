"""What an author says of a link to put photographs in, and the field in which somebody pastes one."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from beside.photos.deposits import MOST, USUALLY, Terms
from beside.web.forms.dressing import TOO_LONG, Dressed


class ThanksForm(Dressed):
    """Words of thanks, which can be written at any time."""

    thanks = forms.CharField(
        label=_("A note of thanks"),
        help_text=_("They read it once they’ve put something in, and whenever they come back."),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 4, "class": "letter"}),
        error_messages={"max_length": TOO_LONG},
    )


class DepositForm(ThanksForm):
    """Whom the link is for, for how long, and how much may come through it."""

    name = forms.CharField(
        label=_("Who is it for?"),
        help_text=_("A name, or “Ingrid, nights, ward 6”. You find it beside what comes."),
        max_length=80,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": _("Who is it for? Whatever helps you know them is enough.")},
    )
    said = forms.CharField(
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
    field_order = ("name", "said", "good_for", "most", "thanks")

    def terms(self) -> Terms:
        """What was typed, once it is valid."""
        typed = {**self.cleaned_data, "good_for": timedelta(days=self.cleaned_data["good_for"])}
        return Terms(**typed)


class PastedForm(Dressed):
    """A link as somebody was given it. A script fills it in from the address bar."""

    secret = forms.CharField(
        label=_("The link that you were sent"),
        help_text=_("Paste the whole of it here, if it isn’t here by itself."),
        max_length=400,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "off"}),
        error_messages={"required": _("Paste the link here that you were sent.")},
    )
