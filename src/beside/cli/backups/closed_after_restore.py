"""Remembers that a restored place is closed until its host opens it, on whichever of its machines."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from beside.photos import place_records
from beside.photos.vault.durable import overwrite, sync_folder

_NAME = "closed by restore"


def remember_closing(data: Path, *, at: datetime) -> None:
    """Write down when everything was closed: only what was closed then is opened again."""
    with place_records.file_besides():
        overwrite(_file(data), at.isoformat().encode())
    place_records.write(_NAME, {}, at=at)


def closed_at(data: Path) -> datetime | None:
    """That moment, or None if the place was not restored or has been opened since."""
    if place_records.are_kept():
        found = place_records.read(_NAME)
        return found.at if found else None
    try:
        return datetime.fromisoformat(_file(data).read_text("ascii"))
    except FileNotFoundError:
        return None


def forget_closing(data: Path) -> None:
    """Forget it: the place is open again."""
    place_records.forget(_NAME)
    with place_records.file_besides():
        _file(data).unlink(missing_ok=True)
        sync_folder(data)


def _file(data: Path) -> Path:
    return data / "closed-by-restore"
