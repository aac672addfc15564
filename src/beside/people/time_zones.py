"""Time zones: the place's, each person's own, and the days that instants fall on in them.

Instants are stored in UTC. A zone only decides which day an instant belongs to, when a day ends,
and how a time is shown.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone

if TYPE_CHECKING:
    from beside.people.models import Account

LONGEST_NAME = 64
# Python also lists files of the machine that are no zones, such as "localtime" and "posixrules".
_NAME = re.compile(r"UTC|[A-Z][A-Za-z]+/[A-Za-z0-9_+/-]+")


class UnknownTimeZone(ValueError):
    """There is no time zone with this name."""


@cache
def known() -> frozenset[str]:
    """The names of all time zones, such as "Europe/London". Empty where the machine has no zone data."""
    return frozenset(name for name in available_timezones() if _NAME.fullmatch(name))


def named(name: str) -> ZoneInfo:
    """The zone with this name, which may come from anywhere. Raises `UnknownTimeZone`."""
    if name not in known():
        raise UnknownTimeZone(name)
    return ZoneInfo(name)


def of(account: Account) -> tzinfo:
    """The account's time zone, or the place's if it has none or the machine no longer knows it."""
    return named_or_place(account.time_zone)


def named_or_place(name: str) -> tzinfo:
    """The zone with this name, or the place's if there is none."""
    try:
        return named(name)
    except UnknownTimeZone:
        return timezone.get_default_timezone()


def day_of(account: Account, at: datetime) -> date:
    """The day that it is for `account` at `at`."""
    return timezone.localdate(at, of(account))


def later(account: Account, at: datetime, term: timedelta) -> datetime:
    """When a term of whole days that begins at `at` ends: at the same time of day for `account`.

    If the clocks are put forward or back in between, it isn't 24 hours for each day.
    """
    there = at.astimezone(of(account)) + term
    return there.astimezone(at.tzinfo)


def end_of_day(account: Account, day: date) -> datetime:
    """The instant at which `day` is over for `account`, in UTC.

    Where clocks are put forward at midnight, the next day begins at one, and where they are put back,
    at the first of its two midnights.
    """
    midnight = datetime.combine(day + timedelta(days=1), time.min, of(account))
    return midnight.astimezone(ZoneInfo("UTC"))
