"""Reminders, as whoever made them sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from beside.family import reminders
from beside.family.models import Reminder
from beside.people.models import Account
from beside.web.forms.reminders import PutOffForm, ReminderForm, say_days


@dataclass(frozen=True)
class Line:
    """One reminder: as it was asked for, and the next days in which it comes."""

    id: UUID
    typed: str
    days: str
    each_year: bool


@dataclass(frozen=True)
class RemindersPage:
    """All reminders that haven't ended, and the form for another. `needs` says why it wasn't made."""

    lines: Sequence[Line]
    form: ReminderForm
    needs: str = ""


@dataclass(frozen=True)
class ReminderPage:
    """One reminder, and the form that puts it off."""

    line: Line
    form: PutOffForm


def reminders_page(me: Account, form: ReminderForm, *, needs: str = "") -> RemindersPage:
    """The reminders of `me`."""
    return RemindersPage([line_of(one) for one in reminders.alive(me)], form, needs)


def line_of(reminder: Reminder) -> Line:
    """The reminder in words."""
    days = say_days(reminder.first, reminder.last)
    return Line(reminder.pk, reminder.typed, days, reminder.each_year)
