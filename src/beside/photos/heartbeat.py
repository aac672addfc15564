"""When a worker last reported that it is running.

With SQLite it is the time of a file, so that reporting needs no database write. With PostgreSQL it is a row, since the worker
that develops a photograph may be on another machine than the one that is asked.
"""

from __future__ import annotations

import socket
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection
from django.db.models import Max

from beside import version
from beside.photos import heartbeat_file
from beside.photos.place_models import WorkerBeat

# A worker may be held up by one photograph for as long as the darkroom allows it.
SILENT_AFTER = timedelta(minutes=3)
# How long a machine that is gone is still named.
_KEPT_FOR = timedelta(days=1)


def beat(data: Path, *, at: datetime) -> None:
    """Report that a worker is running in this data folder, or on this machine, at `at`."""
    heartbeat_file.touch(data)
    if connection.vendor == "sqlite":
        return
    said = {"at": at, "version": version()}
    WorkerBeat.objects.update_or_create(machine=socket.gethostname(), defaults=said)
    WorkerBeat.objects.filter(at__lt=at - _KEPT_FOR).delete()


def last_beat(data: Path) -> datetime | None:
    """When a worker last reported; None if none ever has."""
    if connection.vendor != "sqlite":
        last: datetime | None = WorkerBeat.objects.aggregate(last=Max("at"))["last"]
        return last
    return heartbeat_file.last_touched(data)


def is_alive(data: Path, *, at: datetime) -> bool:
    """Whether a worker has reported lately. A time in the future comes from a wrong clock, and doesn't count."""
    last = last_beat(data)
    return last is not None and abs(at - last) < SILENT_AFTER
