"""What every machine of a place should know, as a row for each. With SQLite there is one machine, and files in its data folder tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from django.db import connection

from beside.photos.place_models import PlaceRecord


def are_kept() -> bool:
    """Whether this place may have several machines."""
    return connection.vendor != "sqlite"


@contextmanager
def file_besides() -> Iterator[None]:
    """Write a file that tells the same: it may be refused where there is a row. Raises `OSError` where there is none."""
    try:
        yield
    except OSError:
        if not are_kept():
            raise


def write(name: str, told: Mapping[str, object], *, at: datetime) -> None:
    """Keep it in place of the last of that name, where records are kept."""
    if are_kept():
        PlaceRecord.objects.update_or_create(name=name, defaults={"told": dict(told), "at": at})


def read(name: str) -> PlaceRecord | None:
    """The last of that name, if any."""
    return PlaceRecord.objects.filter(name=name).first()


def forget(name: str) -> None:
    """Keep it no longer. Twice is harmless."""
    PlaceRecord.objects.filter(name=name).delete()
