"""A family's entries: writing one, changing it, putting it away and deleting it. Only the family's keeper does."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from beside.family import families
from beside.family.date_words import Meaning
from beside.family.models import Family, TimelineEntry
from beside.people import narrowings
from beside.people.models import Account, Narrowing
from beside.photos import disk_full
from beside.posts.authorship import written_by

MOST_ENTRIES = 500


class NoSuchEntry(Exception):
    """The entry isn't theirs, or there is none. Pages answer 404."""


class TooManyEntries(Exception):
    """A family has as many entries as a page can hold."""

    def __init__(self) -> None:
        super().__init__(_("There’s no room for more here. You could delete another entry first."))


class EntryText(NamedTuple):
    """What was typed and chosen for an entry. `post` is a letter of its writer's."""

    typed: str
    heading: str
    words: str = ""
    is_marked: bool = False
    members: frozenset[UUID] = frozenset()
    post: UUID | None = None
    is_expected: bool = False


NOT_UNDERSTOOD = Meaning()


def of(family: Family) -> list[TimelineEntry]:
    """All entries of `family`, those put away too, in their order."""
    return in_order(family, list(family.entries.all()))


def in_order(family: Family, entries: list[TimelineEntry]) -> list[TimelineEntry]:
    """By their dates; those without one that could be read stand at the end, as they were written."""

    def key(entry: TimelineEntry) -> tuple[bool, tuple[int, int, int], datetime, UUID]:
        when = entry.meaning.when
        place = when.sort_key(southern=family.southern) if when else (0, 0, 0)
        return when is None, place, entry.written_at, entry.pk

    return sorted(entries, key=key)


def get(entry_id: UUID, *, by: Account) -> TimelineEntry:
    """One of `by`'s entries. Raises `NoSuchEntry`."""
    entry = TimelineEntry.objects.filter(pk=entry_id, family__keeper=by).first()
    if entry is None:
        raise NoSuchEntry
    return entry


@transaction.atomic
def keep(
    entry_id: UUID, text: EntryText, meaning: Meaning, *, by: Account, at: datetime
) -> TimelineEntry:
    """Keep an entry, a new one or one of `by`'s, with what its writer said its date means.

    A letter that `by` didn't write isn't pointed to, unless it was before. Raises `NoSuchEntry` and `TooManyEntries`.
    """
    family = families.locked(by, at=at)
    entry = TimelineEntry.objects.filter(pk=entry_id).first()
    if entry is None:
        if family.entries.count() >= MOST_ENTRIES:
            raise TooManyEntries
        entry = TimelineEntry(pk=entry_id, family=family, written_at=at)
    elif entry.family_id != family.pk:
        raise NoSuchEntry
    had_letter, is_new = entry.of_letter, entry._state.adding
    _write(entry, text, meaning, by=by)
    entry.members.set(family.members.filter(pk__in=text.members, taken_off_at=None))
    if entry.of_letter and not (had_letter or is_new):
        narrowings.record(Narrowing.Kind.FAMILY_ENTRY_ENDED, at=at, entry=entry.pk)
    return entry


@disk_full.with_reserve
@transaction.atomic
def put_away(entry_id: UUID, *, by: Account, at: datetime) -> None:
    """Keep an entry for its keeper alone. Raises `NoSuchEntry`."""
    entry = _locked(entry_id, by=by, at=at)
    put_away_again(entry.pk, at=at)
    narrowings.record(Narrowing.Kind.FAMILY_ENTRY_ENDED, at=at, entry=entry.pk)


def put_away_again(entry_id: UUID, *, at: datetime) -> None:
    """Put an entry away, also after a restore."""
    TimelineEntry.objects.filter(pk=entry_id, put_away_at=None).update(put_away_at=at)


@transaction.atomic
def take_out(entry_id: UUID, *, by: Account, at: datetime) -> None:
    """Let an entry that was put away be seen again. Nothing is expected of it any more. Raises `NoSuchEntry`."""
    entry = _locked(entry_id, by=by, at=at)
    entry.put_away_at, entry.is_expected = None, False
    entry.save(update_fields=["put_away_at", "is_expected"])


@disk_full.with_reserve
@transaction.atomic
def delete(entry_id: UUID, *, by: Account, at: datetime) -> None:
    """Delete an entry for good. Raises `NoSuchEntry`."""
    entry = _locked(entry_id, by=by, at=at)
    narrowings.record(Narrowing.Kind.FAMILY_ENTRY_ENDED, at=at, entry=entry.pk)
    entry.delete()


def _locked(entry_id: UUID, *, by: Account, at: datetime) -> TimelineEntry:
    """One of `by`'s entries, locked with its family, as each act on one is: keeping an entry writes all of its row."""
    get(entry_id, by=by)
    families.locked(by, at=at)
    return get(entry_id, by=by)


def _write(entry: TimelineEntry, text: EntryText, meaning: Meaning, *, by: Account) -> None:
    entry.typed, entry.heading = text.typed.strip(), text.heading.strip()
    entry.words, entry.is_marked = text.words.strip(), text.is_marked
    entry.edtf = meaning.when.text() if meaning.when else ""
    entry.part = meaning.when.part if meaning.when else ""
    entry.age = meaning.age.text() if meaning.age else ""
    entry.is_expected = text.is_expected
    # An entry whose letter is gone stays one of a letter, for its keeper alone.
    if text.post != entry.post_id:
        letter = written_by(by).filter(pk=text.post).first() if text.post else None
        entry.post, entry.of_letter = letter, letter is not None
    entry.save()
