"""When a worker last said that it is at work. A file's time, so that saying so costs no write to the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

# A worker may be held up by one photograph for as long as the darkroom allows it.
SILENT_AFTER = timedelta(minutes=3)


def beat(data: Path) -> None:
    """Say that a worker is at work in this data folder."""
    _file(data).touch()


def last_beat(data: Path) -> datetime | None:
    """When one last said so; None if none ever has."""
    try:
        return datetime.fromtimestamp(_file(data).stat().st_mtime, UTC)
    except FileNotFoundError:
        return None


def is_alive(data: Path, *, at: datetime) -> bool:
    """Whether a worker has been heard of lately. A time in the future was written by a clock that was wrong."""
    last = last_beat(data)
    return last is not None and abs(at - last) < SILENT_AFTER


def _file(data: Path) -> Path:
    return data / "worker.heartbeat"
