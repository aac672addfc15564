"""Remembers that a restored place is closed until its host opens it, on whichever of its machines."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import transaction

from beside.photos import place_records
from beside.photos.place_models import PlaceRecord
from beside.photos.vault.durable import overwrite, sync_folder

_NAME = "closed by restore"


def remember_closing(data: Path, *, at: datetime) -> None:
    """Write down when everything was closed: only what was closed then is opened again.

    As a row, in the transaction that restores, and it goes with the rows wherever they move. Where there is one machine, versions
    before look for a file.
    """
    PlaceRecord.objects.update_or_create(name=_NAME, defaults={"told": {}, "at": at})
    if not place_records.are_kept():
        overwrite(_file(data), at.isoformat().encode())


def closed_at(data: Path) -> datetime | None:
    """That moment, or None if the place was not restored or has been opened since."""
    if found := place_records.read(_NAME):
        return found.at
    if place_records.are_kept():
        return None
    try:
        return datetime.fromisoformat(_file(data).read_text("ascii"))
    except FileNotFoundError:
        return None


def forget_closing(data: Path) -> None:
    """Forget it: the place is open again. Within a transaction, once that is committed."""
    place_records.forget(_NAME)
    transaction.on_commit(lambda: _forget_file(data))


def _forget_file(data: Path) -> None:
    with place_records.file_besides():
        _file(data).unlink(missing_ok=True)
        sync_folder(data)


def _file(data: Path) -> Path:
    return data / "closed-by-restore"
