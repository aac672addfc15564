"""Workers on several machines take turns: each chore is done by one of them in each of its intervals.

With SQLite every worker does all of them, as they always could: to write a turn would cost more than most chores.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q

from beside.people.clocks import MAY_DIFFER
from beside.photos.place_models import ChoreTurn


def take(name: str, *, every: timedelta, at: datetime) -> bool:
    """Whether this worker is to do the chore `name` at `at`; no other is told so before `every` has passed.

    A worker that ends in the middle leaves it to whoever comes next. A turn that is later than any taken now comes from a clock
    that was wrong, and is no turn.
    """
    if connection.vendor == "sqlite":
        return True
    wrong = Q(next_at__gt=at + every + MAY_DIFFER)
    due = ChoreTurn.objects.filter(Q(next_at__lte=at) | wrong, name=name)
    if due.update(next_at=at + every):
        return True
    _turn, is_new = ChoreTurn.objects.get_or_create(name=name, defaults={"next_at": at + every})
    return is_new
