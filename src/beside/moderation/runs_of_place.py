"""When the last backup and the last verification of this place finished, on whichever of its machines they ran."""

from __future__ import annotations

from pathlib import Path

from beside.moderation import last_runs
from beside.moderation.last_runs import LastBackup, LastVerification
from beside.photos import place_records

_BACKUP, _VERIFICATION = "backup", "verification"


def last_backup(data: Path) -> LastBackup | None:
    """The last backup that finished, or None if there was none."""
    if not place_records.are_kept():
        return last_runs.last_backup(data)
    found = place_records.read(_BACKUP)
    return LastBackup(found.at, found.told["to"]) if found else None


def last_verification(data: Path) -> LastVerification | None:
    """The last verification that finished, or None if there was none."""
    if not place_records.are_kept():
        return last_runs.last_verification(data)
    found = place_records.read(_VERIFICATION)
    if found is None:
        return None
    return LastVerification(found.at, found.told["photographs"], found.told["faults"])


def remember(data: Path, backup: LastBackup) -> None:
    """Record that `backup` has finished. Raises `OSError`."""
    last_runs.remember(data, backup)
    place_records.write(_BACKUP, {"to": backup.to}, at=backup.at)


def remember_verification(data: Path, run: LastVerification) -> None:
    """Record that a verification has finished. Raises `OSError`."""
    last_runs.remember_verification(data, run)
    told = {"photographs": run.photographs, "faults": run.faults}
    place_records.write(_VERIFICATION, told, at=run.at)
