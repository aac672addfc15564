"""When the last backup was made, and where, for `beside doctor`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from beside.photos.vault.durable import overwrite


@dataclass(frozen=True, slots=True)
class LastBackup:
    """A backup that finished."""

    at: datetime
    to: str


def last_backup(data: Path) -> LastBackup | None:
    """The last backup that finished, or None if there was none or its record can't be read."""
    try:
        written = json.loads(_file(data).read_text("utf-8"))
        return LastBackup(datetime.fromisoformat(written["at"]), written["to"])
    except (FileNotFoundError, ValueError, KeyError):
        return None


def remember(data: Path, backup: LastBackup) -> None:
    """Record that `backup` has finished."""
    line = json.dumps({"at": backup.at.isoformat(), "to": backup.to})
    overwrite(_file(data), line.encode())


def _file(data: Path) -> Path:
    return data / "backup.last"
