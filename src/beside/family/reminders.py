"""Reminders: somebody asks to be written to in some days, and is. It never says what about, and comes on no other day.

One is told of under News, and by mail or push as other news is. On quiet days, and while somebody wants no news today, it waits;
when its days are over, it isn't told of any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from beside.family.models import Reminder
from beside.family.reminder_words import Days
from beside.notices import notices
from beside.notices.models import Notice
from beside.people import narrowings, time_zones
from beside.people.models import Account, Narrowing
from beside.photos import disk_full
from beside.photos.broken_rows import going_on

MOST_REMINDERS = 50
# Time zones lie a day ahead of UTC at most.
_A_DAY = timedelta(days=1)


class NoSuchReminder(Exception):
    """The reminder isn't theirs, has ended, or there is none. Pages answer 404."""


class TooManyReminders(Exception):
    """Somebody has made as many reminders as a page can hold."""

    def __init__(self) -> None:
        super().__init__(_("There’s no room for more reminders. You could end another one first."))


class PutOff(TextChoices):
    """For how long a reminder is put off."""

    WEEK = "week", _("A week")
    MONTH = "month", _("A month")
    YEAR = "year", _("A year")


_TERMS = {PutOff.WEEK: timedelta(days=7), PutOff.MONTH: timedelta(days=30)}


class Asked(NamedTuple):
    """What somebody asked for: in their words, and the days that they mean."""

    typed: str
    days: Days
    of_pregnancy: bool = False


@transaction.atomic
def make(reminder_id: UUID, asked: Asked, *, by: Account, at: datetime) -> Reminder:
    """Make a reminder under a key of the caller's, so that pressing twice makes one. Raises `TooManyReminders`, `NoSuchReminder`."""
    Account.objects.select_for_update(no_key=True).get(pk=by.pk)
    if there := Reminder.objects.filter(pk=reminder_id).first():
        if there.account_id != by.pk:
            raise NoSuchReminder
        return there
    if alive(by).count() >= MOST_REMINDERS:
        raise TooManyReminders
    days = asked.days
    return Reminder.objects.create(
        pk=reminder_id,
        account=by,
        typed=asked.typed.strip(),
        first=days.first,
        last=days.last,
        each_year=days.each_year,
        month=days.first.month,
        day_of_month=days.first.day,
        of_pregnancy=asked.of_pregnancy,
        made_at=at,
    )


def alive(account: Account) -> QuerySet[Reminder]:
    """The reminders of `account` that haven't ended, the next one first."""
    return Reminder.objects.filter(account=account, ended_at=None).order_by("first", "pk")


def get(reminder_id: UUID, *, by: Account) -> Reminder:
    """One of `by`'s reminders that hasn't ended. Raises `NoSuchReminder`."""
    reminder = alive(by).filter(pk=reminder_id).first()
    if reminder is None:
        raise NoSuchReminder
    return reminder


@transaction.atomic
def put_off(reminder_id: UUID, how_long: PutOff, *, by: Account, at: datetime) -> None:
    """Write later instead: in a week, in a month, or in its days a year on. Raises `NoSuchReminder`."""
    reminder, today = get(reminder_id, by=by), time_zones.day_of(by, at)
    if how_long == PutOff.YEAR:
        _move(reminder, _same_day(reminder, max(today, reminder.first).year + 1))
    else:
        _move(reminder, max(today, reminder.first) + _TERMS[how_long])
    notices.untell(by.pk, Notice.Kind.REMINDER, about=reminder.pk)


@disk_full.with_reserve
@transaction.atomic
def end(reminder_id: UUID, *, by: Account, at: datetime) -> None:
    """End a reminder for good. Raises `NoSuchReminder`."""
    end_all([get(reminder_id, by=by)], at=at)


def end_all(reminders: Iterable[Reminder], *, at: datetime) -> None:
    """End these, and take back the news of them that lies there. Needs a transaction."""
    for reminder in reminders:
        end_again(reminder.pk, at=at)
        narrowings.record(Narrowing.Kind.REMINDER_ENDED, at=at, reminder=reminder.pk)


def end_again(reminder_id: UUID, *, at: datetime) -> None:
    """End a reminder, also after a restore: what somebody ended never comes again."""
    Reminder.objects.filter(pk=reminder_id, ended_at=None).update(ended_at=at)
    Notice.objects.filter(kind=Notice.Kind.REMINDER, about=reminder_id).delete()


def run_due(at: datetime) -> None:
    """Tell of each reminder whose days have come for its owner. The worker calls this, often enough for each day."""
    begun = Reminder.objects.filter(ended_at=None, first__lte=at.date() + _A_DAY)
    for reminder in begun.select_related("account__profile").order_by("first", "pk"):
        with going_on("a reminder could not be told"):
            _tell_if_due(reminder, time_zones.day_of(reminder.account, at), at=at)


@transaction.atomic
def _tell_if_due(reminder: Reminder, today: date, *, at: datetime) -> None:
    locked = Reminder.objects.select_for_update().filter(pk=reminder.pk, ended_at=None).first()
    if locked is None or today < locked.first:
        return
    if today > locked.last:
        _go_on(locked, today, at=at)
    is_due = locked.first <= today <= locked.last and locked.told_at is None
    if is_due and not _wants_no_news(reminder.account, at=at):
        notices.tell(locked.account_id, Notice.Kind.REMINDER, about=locked.pk, at=at)
        # It stays until its days are over, so that it can be put off once it has been read.
        locked.told_at = at
        locked.save(update_fields=["told_at"])


def _go_on(reminder: Reminder, today: date, *, at: datetime) -> None:
    """To its days of the next year; one that was for once has done what it was for."""
    if not reminder.each_year:
        reminder.ended_at = at
        reminder.save(update_fields=["ended_at"])
        return
    year, lasts = reminder.first.year + 1, reminder.last - reminder.first
    while (begins := _same_day(reminder, year)) + lasts < today:
        year += 1
    _move(reminder, begins)


def _wants_no_news(account: Account, *, at: datetime) -> bool:
    profile = account.profile
    silent = (profile.paused_until, profile.not_today_until)
    is_quiet = any(until and at < until for until in silent)
    return is_quiet or not account.is_active or account.suspended_at is not None


def _move(reminder: Reminder, first: date) -> None:
    reminder.first, reminder.last = first, first + (reminder.last - reminder.first)
    reminder.told_at = None
    reminder.save(update_fields=["first", "last", "told_at"])


def _same_day(reminder: Reminder, year: int) -> date:
    """The day of `year` on which its days begin; in a year without a 29 February, the 28th."""
    try:
        return date(year, reminder.month, reminder.day_of_month)
    except ValueError:
        return date(year, reminder.month, 28)
