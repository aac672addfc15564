"""The visit of somebody who has opened a note of thanks: which one, kept in the session on the server.

It holds the digest of the note's code, never the code. It grants nothing by itself: the note is looked up again at every
request.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from beside.people import budgets, sessions
from beside.thanks import answers, thank_you_notes
from beside.thanks.answers import AnswerText
from beside.thanks.models import ThankYouNote
from beside.thanks.thank_you_notes import NoteNotOpen
from beside.web.http.rate_limits import count_visit
from beside.web.http.request import Request

VISIT = "thank_you_note"
# That the note which was open here has been answered from here.
ANSWERED = "thank_you_note_answered"


def begin(request: Request, note: ThankYouNote) -> None:
    """Open `note` in this browser, until its session ends. Raises `TooManyGuesses` for visits."""
    if request.session.session_key is None:
        count_visit(request, budgets.VISITS_OF_LINK, note.pk)
        sessions.begin_visit(request.session)
    assert note.code_digest is not None
    request.session[VISIT] = bytes(note.code_digest).hex()
    request.session.pop(ANSWERED, None)


def has_begun(request: Request) -> bool:
    """Whether this browser has opened a note, even one that has ended since."""
    return VISIT in request.session


def opened(request: Request, *, at: datetime) -> ThankYouNote:
    """The note that is open in this browser. Raises `NoteNotOpen`."""
    return thank_you_notes.find(_digest(request), at=at)


def answer(request: Request, answer_id: UUID, text: AnswerText, *, at: datetime) -> None:
    """Answer the note that is open in this browser, which ends it. Raises what `answers.answer` raises."""
    answers.answer(_digest(request), answer_id, text, at=at)
    forget(request)
    request.session[ANSWERED] = True


def has_answered(request: Request) -> bool:
    """Whether the note that was open in this browser has been answered from it."""
    return ANSWERED in request.session


def forget(request: Request) -> None:
    """Close the note in this browser."""
    request.session.pop(VISIT, None)


def _digest(request: Request) -> bytes:
    if not has_begun(request):
        raise NoteNotOpen
    return bytes.fromhex(request.session[VISIT])
