"""Remembers that a restored place is closed until its host opens it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from beside.photos.vault.durable import overwrite, sync_folder


def remember_closing(data: Path, *, at: datetime) -> None:
    """Write down when everything was closed: only what was closed then is opened again."""
    overwrite(_file(data), at.isoformat().encode())


def closed_at(data: Path) -> datetime | None:
    """That moment, or None if the place was not restored or has been opened since."""
    try:
        return datetime.fromisoformat(_file(data).read_text("ascii"))
    except FileNotFoundError:
        return None


def forget_closing(data: Path) -> None:
    """Forget it: the place is open again."""
    _file(data).unlink(missing_ok=True)
    sync_folder(data)


def _file(data: Path) -> Path:
    return data / "closed-by-restore"
