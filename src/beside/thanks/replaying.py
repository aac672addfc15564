"""Replaying, on a restored database, which notes of thanks were ended or deleted since the backup."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from beside.people.models import Narrowing
from beside.thanks import thank_you_notes


@transaction.atomic
def replay(kind: str, subject: Mapping[str, str], *, at: datetime) -> None:
    """Replay one narrowing. One of another layer, or about what isn't here, does nothing."""
    if kind == Narrowing.Kind.NOTE_ENDED:
        thank_you_notes.end_again(UUID(subject["note"]), at=at)
    elif kind == Narrowing.Kind.NOTE_DELETED:
        thank_you_notes.delete_again(UUID(subject["note"]))
