"""The one answer that a note of thanks takes: a private letter to its author, from somebody without an account.

It is read first as every private letter is, and with it the note's code ends.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from beside.people import blocks, names, narrowings
from beside.people.models import Account, Narrowing
from beside.responses import policy as reading
from beside.responses import responses
from beside.responses.models import Response
from beside.thanks import policy
from beside.thanks.models import ThankYouNote
from beside.thanks.thank_you_notes import NoteNotOpen


class NoteAnswered(Exception):
    """Somebody has answered the note, and it takes one answer."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Somebody who has this note too has answered it just before you, and it takes one answer."
                " Yours wasn’t sent. The note was meant for you all the same."
            )
        )


class AnswerText(NamedTuple):
    """What somebody answers, and the name they sign with."""

    signed: str
    words: str


@transaction.atomic
def answer(code_digest: bytes, answer_id: UUID, text: AnswerText, *, at: datetime) -> None:
    """Answer the note whose code has this digest. Sending the same `answer_id` again does nothing.

    Raises `NoteAnswered` if somebody else was first, and `NoteNotOpen`.
    """
    note = _locked(code_digest)
    if note.answer_id == answer_id:
        return
    if note.answered_at is not None:
        raise NoteAnswered
    if not policy.openable(at).filter(pk=note.pk, code_digest=code_digest).exists():
        raise NoteNotOpen
    is_free = not Response.objects.filter(pk=answer_id).exists()
    response = Response(
        pk=answer_id if is_free else uuid4(),
        recipient=note.author,
        signed=names.clean(text.signed),
        words=text.words.strip(),
    )
    responses.deliver(response, at_once=False, at=at)
    ThankYouNote.objects.filter(pk=note.pk).update(answered_at=at, answer=response)
    narrowings.record(Narrowing.Kind.NOTE_ENDED, at=at, note=note.pk)


def passed_on_to(author: Account, note: ThankYouNote, *, at: datetime) -> Response | None:
    """The answer to `author`'s note, once it was passed on to them."""
    return reading.passed_on_to(author, at=at).filter(thank_you_note=note).first()


def note_answered_by(response: Response) -> UUID | None:
    """The id of the note that `response` answers, if it is still there."""
    notes = ThankYouNote.objects.filter(answer=response)
    return notes.values_list("pk", flat=True).first()


def _locked(code_digest: bytes) -> ThankYouNote:
    """The note, with its author locked before it, as everybody locks who writes to a person."""
    found = ThankYouNote.objects.filter(code_digest=code_digest)
    author = found.values_list("author", flat=True).first()
    if author is None:
        raise NoteNotOpen
    blocks.lock(author)
    note = found.select_for_update(of=("self",)).select_related("author").first()
    if note is None:
        raise NoteNotOpen
    return note
