"""What the team does with notes of thanks that they were given: printing cards, and saying that one was handed over.

They are shown to whom a note is and from whom, and none of its words.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from beside.people.models import Account
from beside.thanks import policy, thank_you_notes
from beside.thanks.models import ThankYouNote


class NotWithTheTeam(Exception):
    """The note isn't theirs to hand over: it has ended, was handed over, or never was. Pages answer 404."""


class PrintedNote(NamedTuple):
    """A note whose card is printed now, and the code on it."""

    note: ThankYouNote
    code: str


def waiting_for(member: Account) -> QuerySet[ThankYouNote]:
    """The notes that `member` is to hand over, oldest first. Pages show nothing of their words."""
    return policy.with_the_team(member).defer("words").order_by("sent_at", "pk")


@transaction.atomic
def print_cards(note_ids: Collection[UUID], *, by: Account, at: datetime) -> list[PrintedNote]:
    """Give these notes a code each, and return them with it, oldest first. A card printed before opens nothing any more.

    Those that aren't `by`'s to hand over are left out.
    """
    _lock(note_ids)
    notes = waiting_for(by).filter(pk__in=note_ids).select_related("author")
    return [PrintedNote(note, thank_you_notes.new_code(note, at=at)) for note in notes]


@transaction.atomic
def hand_over(note_id: UUID, *, by: Account, at: datetime) -> None:
    """Say that a printed note was handed over, which its author sees. Raises `NotWithTheTeam`."""
    _lock([note_id])
    printed = policy.with_the_team(by).filter(pk=note_id, code_digest__isnull=False)
    if not printed.exists():
        raise NotWithTheTeam
    ThankYouNote.objects.filter(pk=note_id).update(handed_over_at=at, handed_over_by=by)
    thank_you_notes.untell_team(note_id)


def _lock(note_ids: Collection[UUID]) -> None:
    """Lock these notes, so that none is ended, printed or handed over meanwhile."""
    rows = ThankYouNote.objects.filter(pk__in=note_ids).order_by("pk")
    list(rows.select_for_update().values_list("pk"))
