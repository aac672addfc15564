"""The pages inside an archive with what is for other people: private letters, notes of thanks, what somebody is found by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from beside.archive.contents import ArchivedDirectoryEntry, ArchivedNote, ArchivedPrivateLetter
from beside.people.directory_entry_models import AboutWhen, WhatHappened
from beside.people.names import isolated
from beside.web.forms.directory_entries import WHAT, WHEN
from beside.web.forms.languages import names_of
from beside.web.pages.people import in_a_row
from beside.web.pages.responses import paragraphs


@dataclass(frozen=True)
class PrivateLetter:
    """A private letter inside an archive. It has no `paragraphs` if its writer isn't shown its words again."""

    by: str
    to: str
    sent_at: datetime
    paragraphs: Sequence[str]


@dataclass(frozen=True)
class PrivateLettersPage:
    """The private letters inside an archive, oldest first."""

    letters: Sequence[PrivateLetter]


@dataclass(frozen=True)
class Note:
    """A note of thanks inside an archive."""

    to: str
    day: datetime
    is_draft: bool
    paragraphs: Sequence[str]
    signature: str


@dataclass(frozen=True)
class ThankYouNotesPage:
    """The notes of thanks inside an archive, oldest first."""

    notes: Sequence[Note]


@dataclass(frozen=True)
class DirectoryEntry:
    """What others could read of the archive's owner in the directory, inside an archive."""

    paragraphs: Sequence[str]
    what: str
    when: str
    reads: str


def directory_entry(entry: ArchivedDirectoryEntry | None) -> DirectoryEntry | None:
    """What this entry says; None without one."""
    if entry is None:
        return None
    return DirectoryEntry(
        paragraphs=paragraphs(entry.words),
        what=str(WHAT[WhatHappened(entry.what)]) if entry.what else "",
        when=str(WHEN[AboutWhen(entry.when)]) if entry.when else "",
        reads=in_a_row(names_of(entry.languages)),
    )


def private_letters_page(letters: Sequence[ArchivedPrivateLetter]) -> PrivateLettersPage:
    """The page of these private letters."""
    return PrivateLettersPage(
        [
            PrivateLetter(isolated(one.by), isolated(one.to), one.sent_at, paragraphs(one.words))
            for one in letters
        ]
    )


def thank_you_notes_page(notes: Sequence[ArchivedNote]) -> ThankYouNotesPage:
    """The page of these notes of thanks."""
    return ThankYouNotesPage(
        [
            Note(
                to=isolated(one.to),
                day=one.sent_at or one.written_at,
                is_draft=one.sent_at is None,
                paragraphs=paragraphs(one.words),
                signature=one.signature,
            )
            for one in notes
        ]
    )
