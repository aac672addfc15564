"""When the last backup and the last verification finished, for the host's page and `beside doctor`."""

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


@dataclass(frozen=True, slots=True)
class LastVerification:
    """A run of `beside verify` that reached its end, and how many faults it found."""

    at: datetime
    photographs: int
    faults: int


def last_backup(data: Path) -> LastBackup | None:
    """The last backup that finished, or None if there was none or its record can't be read."""
    try:
        written = json.loads(_backup(data).read_text("utf-8"))
        return LastBackup(datetime.fromisoformat(written["at"]), written["to"])
    except (OSError, ValueError, KeyError):
        return None


def last_verification(data: Path) -> LastVerification | None:
    """The last verification that finished, or None if there was none or its record can't be read."""
    try:
        written = json.loads(_verification(data).read_text("utf-8"))
        return LastVerification(
            datetime.fromisoformat(written["at"]), written["photographs"], written["faults"]
        )
    except (OSError, ValueError, KeyError):
        return None


def remember(data: Path, backup: LastBackup) -> None:
    """Record that `backup` has finished."""
    line = json.dumps({"at": backup.at.isoformat(), "to": backup.to})
    overwrite(_backup(data), line.encode())


def remember_verification(data: Path, run: LastVerification) -> None:
    """Record that a verification has finished. Raises `OSError`."""
    line = {"at": run.at.isoformat(), "photographs": run.photographs, "faults": run.faults}
    overwrite(_verification(data), json.dumps(line).encode())


def _backup(data: Path) -> Path:
    return data / "backup.last"


def _verification(data: Path) -> Path:
    return data / "verification.last"
