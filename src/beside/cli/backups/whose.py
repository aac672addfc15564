"""Whether a backup is of this place, so that what was found of it is recorded here."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from django.db import DatabaseError, connection

from beside.photos.models import KeyEpoch


def record_of(data: Path, instance: UUID, record: Callable[[], object]) -> None:
    """Call `record` if the place in `data` is `instance`. On another machine there is none, and nothing to record it in."""
    if connection.vendor == "sqlite" and not (data / "beside.sqlite3").exists():
        return
    with suppress(OSError, DatabaseError):
        if KeyEpoch.objects.filter(instance=instance).exists():
            record()
