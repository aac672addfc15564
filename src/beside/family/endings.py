""" "This has ended": one act after which no date, week or reminder of a pregnancy goes on anywhere.

Nothing else in Beside counts weeks or keeps a date that is to come: letters aren't published by a clock. What is added that does
must be ended here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from beside.family import families, reminders, timeline_entries
from beside.family.models import Family, Reminder, TimelineEntry
from beside.people import narrowings, time_zones
from beside.people.models import Account, Narrowing
from beside.photos import disk_full


@dataclass(frozen=True, slots=True)
class Ending:
    """What would be put away and ended, and which reminders would go on: those of each year that aren't of a pregnancy."""

    entries: Sequence[TimelineEntry]
    reminders: Sequence[Reminder]
    others: Sequence[Reminder]


def before_ending(account: Account, *, at: datetime) -> Ending:
    """What "this has ended" would do for `account` at `at`."""
    family, today = families.of(account), time_zones.day_of(account, at)
    entries = timeline_entries.of(family) if family else []
    ends = list(reminders.alive(account))
    return Ending(
        [entry for entry in entries if family and _goes_on(entry, family, today)],
        [one for one in ends if one.of_pregnancy or not one.each_year],
        [one for one in ends if not one.of_pregnancy and one.each_year],
    )


@disk_full.with_reserve
@transaction.atomic
def end(account: Account, *, also: Collection[UUID] = (), at: datetime) -> None:
    """Put away each entry that is expected or lies ahead, and end each reminder of it; of the others, those in `also`.

    Doing it again ends what has come since. Entries can be taken out again, one by one; reminders can't.
    """
    if families.of(account) is not None:
        families.locked(account, at=at)
    found = before_ending(account, at=at)
    for entry in found.entries:
        timeline_entries.put_away_again(entry.pk, at=at)
        narrowings.record(Narrowing.Kind.FAMILY_ENTRY_ENDED, at=at, entry=entry.pk)
    others = [one for one in found.others if one.pk in also]
    reminders.end_all([*found.reminders, *others], at=at)


def _goes_on(entry: TimelineEntry, family: Family, today: date) -> bool:
    """Whether it belongs to what is expected: it says so, or no day that it can be has come yet."""
    if entry.put_away_at is not None:
        return False
    when = entry.meaning.when
    if entry.is_expected or when is None:
        return entry.is_expected
    first, last = when.bounds(southern=family.southern)
    # "After 2030" lies ahead; of what can be today already, nobody says that it is still to come.
    return first > today if first else bool(last and last > today)
