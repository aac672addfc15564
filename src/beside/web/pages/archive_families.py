"""The page inside an archive with the family of the archive's owner, and their reminders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from beside.archive.families import ArchivedEntry, ArchivedFamily
from beside.family import ages, dates
from beside.family.date_sentences import say, say_age
from beside.web.forms.reminders import say_days


@dataclass(frozen=True)
class ArchivedYear:
    """An entry inside an archive. `typed` is its date in its writer's own words."""

    when: str
    age: str
    typed: str
    heading: str
    words: str
    is_put_away: bool


@dataclass(frozen=True)
class ArchivedFamilyPage:
    """A family inside an archive; the reminders are pairs of what was typed and the next days."""

    members: Sequence[str]
    years: Sequence[ArchivedYear]
    reminders: Sequence[tuple[str, str]]


def has_anything(family: ArchivedFamily) -> bool:
    """Whether there is anything to show."""
    return bool(family.members or family.entries or family.reminders)


def archived_family_page(family: ArchivedFamily) -> ArchivedFamilyPage:
    """The page of this family."""
    return ArchivedFamilyPage(
        [name for name in family.members if name],
        [_year(entry) for entry in family.entries],
        [(one.typed, say_days(one.first, one.last)) for one in family.reminders],
    )


def _year(entry: ArchivedEntry) -> ArchivedYear:
    return ArchivedYear(
        when=say(dates.from_text(entry.edtf, entry.part)) if entry.edtf else "",
        age=say_age(ages.from_text(entry.age)) if entry.age else "",
        typed=entry.typed,
        heading=entry.heading,
        words=entry.words,
        is_put_away=entry.is_put_away,
    )
