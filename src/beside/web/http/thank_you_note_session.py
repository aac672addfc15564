"""The visit of somebody who has opened a note of thanks: which one, kept in the session on the server.

It holds the digest of the note's code, never the code. It grants nothing by itself: the note is looked up again at every
request.
"""

from __future__ import annotations

from datetime import datetime

from beside.people import budgets, sessions
from beside.thanks import thank_you_notes
from beside.thanks.models import ThankYouNote
from beside.thanks.thank_you_notes import NoteNotOpen
from beside.web.http.rate_limits import count_visit
from beside.web.http.request import Request

VISIT = "thank_you_note"


def begin(request: Request, note: ThankYouNote) -> None:
    """Open `note` in this browser, until its session ends. Raises `TooManyGuesses` for visits."""
    if request.session.session_key is None:
        count_visit(request, budgets.VISITS_OF_LINK, note.pk)
        sessions.begin_visit(request.session)
    assert note.code_digest is not None
    request.session[VISIT] = bytes(note.code_digest).hex()


def has_begun(request: Request) -> bool:
    """Whether this browser has opened a note, even one that has ended since."""
    return VISIT in request.session


def opened(request: Request, *, at: datetime) -> ThankYouNote:
    """The note that is open in this browser. Raises `NoteNotOpen`."""
    if not has_begun(request):
        raise NoteNotOpen
    return thank_you_notes.find(bytes.fromhex(request.session[VISIT]), at=at)


def forget(request: Request) -> None:
    """Close the note in this browser."""
    request.session.pop(VISIT, None)
