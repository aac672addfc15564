"""The notes of thanks that the team hands over: for whom each is and from whom, and none of its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from beside.people.models import Account
from beside.people.names import isolated
from beside.thanks import hand_overs
from beside.thanks.hand_overs import PrintedNote
from beside.web.pages.thank_you_notes import NoteCard, note_card


@dataclass(frozen=True)
class Waiting:
    """One note that waits. `is_printed` says that it has a card already."""

    id: UUID
    name: str
    signature: str
    sent_at: datetime | None
    is_printed: bool


@dataclass(frozen=True)
class HandOversPage:
    """What waits, and the cards that were just made, which are shown once."""

    waiting: Sequence[Waiting]
    cards: Sequence[NoteCard]


def hand_overs_page(member: Account, printed: Sequence[PrintedNote] = ()) -> HandOversPage:
    """The page of `member`, with the cards of the notes that were just printed."""
    return HandOversPage(
        waiting=[
            Waiting(
                id=note.pk,
                name=isolated(note.name),
                signature=isolated(note.signature),
                sent_at=note.sent_at,
                is_printed=note.code_digest is not None,
            )
            for note in hand_overs.waiting_for(member)
        ],
        cards=[note_card(note, code) for note, code in printed],
    )
