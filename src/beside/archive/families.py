"""A family and its reminders as an archive has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from beside.archive.models import Export
from beside.family import families, reminders, timeline_entries
from beside.family.models import TimelineEntry


@dataclass(frozen=True)
class ArchivedEntry:
    """An entry of a family: its date as it was typed, and what was understood of it (`edtf`, `part`, `age`)."""

    typed: str
    edtf: str
    part: str
    age: str
    heading: str
    words: str
    about: Sequence[str]
    is_put_away: bool
    written_at: datetime


@dataclass(frozen=True)
class ArchivedReminder:
    """A reminder that hasn't ended, and the next days in which it comes."""

    typed: str
    first: date
    last: date
    each_year: bool


@dataclass(frozen=True)
class ArchivedFamily:
    """The family of the archive's owner, in its order, and their reminders."""

    members: Sequence[str] = ()
    entries: Sequence[ArchivedEntry] = ()
    reminders: Sequence[ArchivedReminder] = ()


NO_FAMILY = ArchivedFamily()


def archived_family(export: Export) -> ArchivedFamily:
    """The family of the archive's owner; nothing of it goes into an archive that somebody else takes."""
    if export.delegation_id is not None:
        return NO_FAMILY
    me = export.account
    family = families.of(me)
    entries = timeline_entries.of(family) if family else []
    members = family.members.order_by("added_at", "pk") if family else []
    return ArchivedFamily(
        [one.name for one in members],
        [_entry(one) for one in entries],
        [
            ArchivedReminder(one.typed, one.first, one.last, one.each_year)
            for one in reminders.alive(me)
        ],
    )


def _entry(entry: TimelineEntry) -> ArchivedEntry:
    return ArchivedEntry(
        typed=entry.typed,
        edtf=entry.edtf,
        part=entry.part,
        age=entry.age,
        heading=entry.heading,
        words=entry.words,
        about=[one.name for one in entry.members.order_by("added_at", "pk")],
        is_put_away=entry.put_away_at is not None,
        written_at=entry.written_at,
    )
