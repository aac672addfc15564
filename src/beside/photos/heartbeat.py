"""When a worker last reported that it is running.

With SQLite it is the time of a file, so that reporting needs no database write. With PostgreSQL it is a row, since the worker
that develops a photograph may be on another machine than the one that is asked.
"""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from django.db import connection
from django.db.models import Max

from beside.photos.place_models import WorkerBeat

# A worker may be held up by one photograph for as long as the darkroom allows it.
SILENT_AFTER = timedelta(minutes=3)
# How long a machine that is gone is still named.
_KEPT_FOR = timedelta(days=1)


def beat(data: Path, *, at: datetime) -> None:
    """Report that a worker is running in this data folder, or on this machine, at `at`."""
    if connection.vendor == "sqlite":
        _file(data).touch()
        return
    said = {"at": at, "version": version("beside")}
    WorkerBeat.objects.update_or_create(machine=socket.gethostname(), defaults=said)
    WorkerBeat.objects.filter(at__lt=at - _KEPT_FOR).delete()


def last_beat(data: Path) -> datetime | None:
    """When a worker last reported; None if none ever has."""
    if connection.vendor != "sqlite":
        last: datetime | None = WorkerBeat.objects.aggregate(last=Max("at"))["last"]
        return last
    try:
        return datetime.fromtimestamp(_file(data).stat().st_mtime, UTC)
    except FileNotFoundError:
        return None


def is_alive(data: Path, *, at: datetime) -> bool:
    """Whether a worker has reported lately. A time in the future comes from a wrong clock, and doesn't count."""
    last = last_beat(data)
    return last is not None and abs(at - last) < SILENT_AFTER


def _file(data: Path) -> Path:
    return data / "worker.heartbeat"
