"""Workers on several machines take turns: each chore is done by one of them in each of its intervals, and by one at a time.

With SQLite every worker does all of them, as they always could: to write a turn would cost more than most chores.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q

from beside.people.clocks import MAY_DIFFER
from beside.photos.place_models import ChoreTurn

# How long a turn outlives the worker that has it.
HELD_FOR = 2 * MAY_DIFFER


@dataclass
class Turn:
    """A chore that is this worker's to do, and nobody else's until `held_until`. With SQLite that is None, and others do it too."""

    name: str
    next_at: datetime
    held_until: datetime | None


def take(name: str, *, every: timedelta, at: datetime) -> Turn | None:
    """The turn to do the chore `name` at `at`, or None where it is another's, or not due. `end` it, and `hold` it until then.

    A worker that dies in the middle leaves it to whoever comes next. A turn that is later than any taken now comes from a clock
    that was wrong, and is no turn.
    """
    if connection.vendor == "sqlite":
        return Turn(name, at, None)
    held_until = at + max(every, HELD_FOR)
    wrong = Q(next_at__gt=held_until + MAY_DIFFER)
    due = ChoreTurn.objects.filter(Q(next_at__lte=at) | wrong, name=name)
    turn = Turn(name, at + every, held_until)
    if due.update(next_at=held_until):
        return turn
    _row, is_new = ChoreTurn.objects.get_or_create(name=name, defaults={"next_at": held_until})
    return turn if is_new else None


def hold(turn: Turn, *, at: datetime) -> None:
    """Say at `at` that its chore is still being done. It needs to be said more often than every `HELD_FOR`."""
    until = at + HELD_FOR
    if turn.held_until is not None and turn.held_until < until:
        _move(turn, until)


def end(turn: Turn) -> None:
    """Leave the chore to whoever comes next once its interval is over, which may have been while it was done."""
    if turn.held_until is not None and turn.held_until != turn.next_at:
        _move(turn, turn.next_at)


def _move(turn: Turn, to: datetime) -> None:
    """Another's turn stays as it is."""
    assert turn.held_until is not None
    if ChoreTurn.objects.filter(name=turn.name, next_at=turn.held_until).update(next_at=to):
        turn.held_until = to
