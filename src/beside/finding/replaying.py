"""Replaying, on a restored database, what was taken off the shelf, and who left the directory, since the backup."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from beside.finding import directory_entries, shelf
from beside.people.models import Narrowing


@transaction.atomic
def replay(kind: str, subject: Mapping[str, str], *, at: datetime) -> None:
    """Replay one narrowing. One of another layer, or about what isn't here, does nothing."""
    if kind == Narrowing.Kind.SHELF_LEFT:
        shelf.forget(UUID(subject["post"]), UUID(subject["author"]))
    elif kind == Narrowing.Kind.DIRECTORY_LEFT:
        directory_entries.forget(UUID(subject["account"]))
