"""Asking to be written to on some days, and putting that off."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from beside.family import dates, reminder_words
from beside.family.date_sentences import say
from beside.family.dates import Kind, Point, When
from beside.family.reminder_models import LONGEST_TYPED
from beside.family.reminder_words import Days
from beside.family.reminders import Asked, PutOff
from beside.web.forms.styled import TOO_LONG, StyledForm


class ReminderForm(StyledForm):
    """When to write, in one's own words. It is valid once the days that were understood have been chosen."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    when = forms.CharField(
        label=gettext_lazy("When should we write to you?"),
        help_text=gettext_lazy(
            "As you say it: “the first week of March”, “14 March”, “early in May 2027”."
        ),
        max_length=LONGEST_TYPED,
        error_messages={"max_length": TOO_LONG},
    )
    days = forms.ChoiceField(
        label=gettext_lazy("These days"), required=False, widget=forms.RadioSelect
    )
    each_year = forms.BooleanField(label=gettext_lazy("Each year"), required=False)
    of_pregnancy = forms.BooleanField(
        label=gettext_lazy("It’s about a pregnancy that is going on"),
        help_text=gettext_lazy("If that ends, one press ends this too."),
        required=False,
    )

    def __init__(self, data: QueryDict | None = None, *, today: date) -> None:
        super().__init__(data, initial={"id": uuid4()})
        self.readings: list[Days] = []
        typed = (data.get("when", "") if data is not None else "").strip()
        if typed:
            language = get_language() or "en"
            self.readings = reminder_words.read(typed, language=language, today=today)
        field = self.fields["days"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(_token(one), say_days(one.first, one.last)) for one in self.readings]

    @property
    def asks(self) -> bool:
        """Whether its writer is asked which days they mean."""
        return "days" in self.errors and bool(self.readings)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("when") and not self.readings:
            self.errors.pop("days", None)
            self.add_error(
                "when",
                _(
                    "We can’t read which days to come those are, and won’t guess. “The first week of March” or “14 March” would do."
                ),
            )
        elif cleaned.get("when") and not cleaned.get("days"):
            self.errors.pop("days", None)
            self.add_error("days", self._question())
        return cleaned

    def reminder_id(self) -> UUID:
        """The key under which it is made: the same if the form is sent twice."""
        return self.cleaned_data["id"] or uuid4()

    def asked(self) -> Asked:
        """What was asked for."""
        data = self.cleaned_data
        days = next(one for one in self.readings if _token(one) == data["days"])
        each_year = days.each_year or data["each_year"]
        return Asked(data["when"], replace(days, each_year=each_year), data["of_pregnancy"])

    def _question(self) -> str:
        if len(self.readings) == 1:
            return _("This is how it was understood. Is that right?")
        return _("This can mean more than one thing. Which do you mean?")


class PutOffForm(StyledForm):
    """For how long a reminder is put off."""

    how_long = forms.ChoiceField(
        label=gettext_lazy("Write to me later, by"),
        choices=PutOff.choices,
        widget=forms.RadioSelect,
    )


def say_days(first: date, last: date) -> str:
    """The days in the language of whoever reads."""
    points = [Point(one.year, one.month, one.day) for one in (first, last)]
    if first == last:
        return say(dates.at(points[0]))
    return say(When(Kind.BETWEEN, points[0], points[1]))


def _token(days: Days) -> str:
    return f"{days.first.isoformat()}/{days.last.isoformat()}"
