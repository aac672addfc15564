"""The file whose time says when a worker of this machine last reported. It is read without Django, too."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path


def touch(data: Path) -> None:
    """Report that a worker is running."""
    _file(data).touch()


def last_touched(data: Path) -> datetime | None:
    """When a worker last did; None if none ever has."""
    try:
        return datetime.fromtimestamp(_file(data).stat().st_mtime, UTC)
    except FileNotFoundError:
        return None


def _file(data: Path) -> Path:
    return data / "worker.heartbeat"
