"""When a worker last reported that it is running: the time of a file, so that reporting needs no database write."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

# A worker may be held up by one photograph for as long as the darkroom allows it.
SILENT_AFTER = timedelta(minutes=3)


def beat(data: Path) -> None:
    """Report that a worker is running in this data folder."""
    _file(data).touch()


def last_beat(data: Path) -> datetime | None:
    """When a worker last reported; None if none ever has."""
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
