"""When the last backup was, and where it went: for `doctor`, and for nobody else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from beside.photos.vault.durable import overwrite


@dataclass(frozen=True, slots=True)
class LastBackup:
    """One backup that was finished."""

    at: datetime
    to: str


def last_backup(data: Path) -> LastBackup | None:
    """The last one that was finished; None if none ever was, or nobody can read what it wrote down."""
    try:
        written = json.loads(_file(data).read_text("utf-8"))
        return LastBackup(datetime.fromisoformat(written["at"]), written["to"])
    except (FileNotFoundError, ValueError, KeyError):
        return None


def remember(data: Path, backup: LastBackup) -> None:
    """Write down that `backup` was finished."""
    line = json.dumps({"at": backup.at.isoformat(), "to": backup.to})
    overwrite(_file(data), line.encode())


def _file(data: Path) -> Path:
    return data / "backup.last"
