"""When backups and verifications last finished, and what they found, for the host's page and `beside doctor`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from beside.photos.vault.durable import replace

_PROOF, _TRIAL = "backup-read.last", "backup-restored.last"


@dataclass(frozen=True, slots=True)
class LastBackup:
    """A backup that finished, and how many files couldn't be copied because they were lost or had changed here."""

    at: datetime
    to: str
    faults: int = 0


@dataclass(frozen=True, slots=True)
class LastVerification:
    """A run of `beside verify` that reached its end, and how many faults it found."""

    at: datetime
    photographs: int
    faults: int


@dataclass(frozen=True, slots=True)
class LastProof:
    """A backup of this place that was read whole, or restored and thrown away, and how many faults that found."""

    at: datetime
    faults: int


def last_backup(data: Path) -> LastBackup | None:
    """The last backup that finished, or None if there was none or its record can't be read."""
    try:
        written = json.loads(_backup(data).read_text("utf-8"))
        return LastBackup(
            datetime.fromisoformat(written["at"]), written["to"], written.get("faults", 0)
        )
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


def last_proof(data: Path) -> LastProof | None:
    """When a backup was last read whole, or None if none was or the record can't be read."""
    return _proof(data / _PROOF)


def last_trial(data: Path) -> LastProof | None:
    """When a backup was last restored on trial, or None if none was or the record can't be read."""
    return _proof(data / _TRIAL)


def remember(data: Path, backup: LastBackup) -> None:
    """Record that `backup` has finished."""
    line = json.dumps({"at": backup.at.isoformat(), "to": backup.to, "faults": backup.faults})
    replace(_backup(data), line.encode())


def remember_verification(data: Path, run: LastVerification) -> None:
    """Record that a verification has finished. Raises `OSError`."""
    line = {"at": run.at.isoformat(), "photographs": run.photographs, "faults": run.faults}
    replace(_verification(data), json.dumps(line).encode())


def remember_proof(data: Path, run: LastProof) -> None:
    """Record that a backup was read whole. Raises `OSError`."""
    _remember_proof(data / _PROOF, run)


def remember_trial(data: Path, run: LastProof) -> None:
    """Record that a backup was restored on trial. Raises `OSError`."""
    _remember_proof(data / _TRIAL, run)


def _proof(file: Path) -> LastProof | None:
    try:
        written = json.loads(file.read_text("utf-8"))
        return LastProof(datetime.fromisoformat(written["at"]), written["faults"])
    except (OSError, ValueError, KeyError):
        return None


def _remember_proof(file: Path, run: LastProof) -> None:
    replace(file, json.dumps({"at": run.at.isoformat(), "faults": run.faults}).encode())


def _backup(data: Path) -> Path:
    return data / "backup.last"


def _verification(data: Path) -> Path:
    return data / "verification.last"
