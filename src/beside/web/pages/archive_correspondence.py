"""The pages inside an archive with what went between people: private letters, and notes of thanks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from beside.archive.contents import ArchivedNote, ArchivedPrivateLetter
from beside.people.names import isolated
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
