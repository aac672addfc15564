"""When the last backup and the last verification of this place finished, on whichever of its machines they ran."""

from __future__ import annotations

from pathlib import Path

from beside.moderation import last_runs
from beside.moderation.last_runs import LastBackup, LastProof, LastVerification
from beside.photos import place_records

_BACKUP, _VERIFICATION, _PROOF, _TRIAL = "backup", "verification", "proof", "trial"


def last_backup(data: Path) -> LastBackup | None:
    """The last backup that finished, or None if there was none."""
    if not place_records.are_kept():
        return last_runs.last_backup(data)
    found = place_records.read(_BACKUP)
    return LastBackup(found.at, found.told["to"], found.told.get("faults", 0)) if found else None


def last_verification(data: Path) -> LastVerification | None:
    """The last verification that finished, or None if there was none."""
    if not place_records.are_kept():
        return last_runs.last_verification(data)
    found = place_records.read(_VERIFICATION)
    if found is None:
        return None
    return LastVerification(found.at, found.told["photographs"], found.told["faults"])


def last_proof(data: Path) -> LastProof | None:
    """When a backup was last read whole, or None if none was."""
    return _proof(_PROOF) if place_records.are_kept() else last_runs.last_proof(data)


def last_trial(data: Path) -> LastProof | None:
    """When a backup was last restored on trial, or None if none was."""
    return _proof(_TRIAL) if place_records.are_kept() else last_runs.last_trial(data)


def remember(data: Path, backup: LastBackup) -> None:
    """Record that `backup` has finished. Raises `OSError` where only a file tells."""
    with place_records.file_besides():
        last_runs.remember(data, backup)
    place_records.write(_BACKUP, {"to": backup.to, "faults": backup.faults}, at=backup.at)


def remember_verification(data: Path, run: LastVerification) -> None:
    """Record that a verification has finished. Raises `OSError` where only a file tells."""
    with place_records.file_besides():
        last_runs.remember_verification(data, run)
    told = {"photographs": run.photographs, "faults": run.faults}
    place_records.write(_VERIFICATION, told, at=run.at)


def remember_proof(data: Path, run: LastProof) -> None:
    """Record that a backup was read whole. Raises `OSError` where only a file tells."""
    with place_records.file_besides():
        last_runs.remember_proof(data, run)
    place_records.write(_PROOF, {"faults": run.faults}, at=run.at)


def remember_trial(data: Path, run: LastProof) -> None:
    """Record that a backup was restored on trial. Raises `OSError` where only a file tells."""
    with place_records.file_besides():
        last_runs.remember_trial(data, run)
    place_records.write(_TRIAL, {"faults": run.faults}, at=run.at)


def _proof(name: str) -> LastProof | None:
    found = place_records.read(name)
    return LastProof(found.at, found.told["faults"]) if found else None
