"""Whether a worker is running, on whichever machine of this place.

With SQLite there is one machine, and a file's time tells (`heartbeat`): reporting then needs no database write. With PostgreSQL it is a row,
since the worker that develops a photograph may be on another machine than the one that is asked.
"""

from __future__ import annotations

import socket
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection
from django.db.models import Q

from beside import version
from beside.photos import heartbeat
from beside.photos.place_models import WorkerBeat

# How long a machine that is gone is still named.
_KEPT_FOR = timedelta(days=1)


def beat(data: Path, *, at: datetime) -> None:
    """Report at `at`, by the clock that all machines share, that a worker is running on this one, whose data folder is `data`.

    Machines that are gone are forgotten, and so is what a wrong clock has left for the future.
    """
    if connection.vendor == "sqlite":
        heartbeat.beat(data)
        return
    said = {"at": at, "version": version()}
    WorkerBeat.objects.update_or_create(machine=socket.gethostname(), defaults=said)
    gone, wrong = Q(at__lt=at - _KEPT_FOR), Q(at__gt=at + heartbeat.SILENT_AFTER)
    WorkerBeat.objects.filter(gone | wrong).delete()


def is_alive(data: Path, *, at: datetime) -> bool:
    """Whether a worker of this place has reported lately. A time in the future comes from a wrong clock, and doesn't count."""
    if connection.vendor == "sqlite":
        return heartbeat.is_alive(data, at=at)
    lately = (at - heartbeat.SILENT_AFTER, at + heartbeat.SILENT_AFTER)
    return WorkerBeat.objects.filter(at__gt=lately[0], at__lt=lately[1]).exists()
