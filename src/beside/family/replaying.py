"""Replaying, on a restored database, what was narrowed and ended in families since the backup."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from beside.family import families, family_members, reminders, timeline_entries
from beside.family.models import Family
from beside.people.models import Narrowing


@transaction.atomic
def replay(kind: str, subject: Mapping[str, str], *, at: datetime) -> None:
    """Replay one narrowing. One of another layer, or about what isn't here, does nothing."""
    if kind == Narrowing.Kind.FAMILY_NARROWED:
        families.close_again(UUID(subject["family"]), at=at)
    elif kind == Narrowing.Kind.FAMILY_LEFT:
        family_members.take_off_again(UUID(subject["member"]), at=at)
    elif kind == Narrowing.Kind.FAMILY_ENTRY_ENDED:
        timeline_entries.put_away_again(UUID(subject["entry"]), at=at)
    elif kind == Narrowing.Kind.REMINDER_ENDED:
        reminders.end_again(UUID(subject["reminder"]), at=at)


def close_all(*, at: datetime) -> None:
    """Close every family, so that only its keeper sees it."""
    Family.objects.filter(closed_at=None).update(closed_at=at)


def open_again(*, closed_at: datetime) -> None:
    """Open the families that `close_all` closed at `closed_at` and nobody has closed since."""
    Family.objects.filter(closed_at=closed_at).update(closed_at=None)
