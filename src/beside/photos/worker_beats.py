"""Whether a worker is running, on whichever machine of this place.

With SQLite there is one machine, and a file's time tells (`heartbeat`): reporting then needs no database write. With PostgreSQL it is a row,
since the worker that develops a photograph may be on another machine than the one that is asked.
"""

from __future__ import annotations

import socket
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection
from django.db.models import Max

from beside import version
from beside.photos import heartbeat
from beside.photos.place_models import WorkerBeat

# How long a machine that is gone is still named.
_KEPT_FOR = timedelta(days=1)


def beat(data: Path, *, at: datetime) -> None:
    """Report at `at` that a worker is running on this machine, whose data folder is `data`."""
    if connection.vendor == "sqlite":
        heartbeat.beat(data)
        return
    said = {"at": at, "version": version()}
    WorkerBeat.objects.update_or_create(machine=socket.gethostname(), defaults=said)
    WorkerBeat.objects.filter(at__lt=at - _KEPT_FOR).delete()


def is_alive(data: Path, *, at: datetime) -> bool:
    """Whether a worker of this place has reported lately. A time in the future comes from a wrong clock, and doesn't count."""
    if connection.vendor == "sqlite":
        return heartbeat.is_alive(data, at=at)
    last: datetime | None = WorkerBeat.objects.aggregate(last=Max("at"))["last"]
    return last is not None and abs(at - last) < heartbeat.SILENT_AFTER
