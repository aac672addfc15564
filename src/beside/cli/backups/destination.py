"""The folder that backups go to, on another disk, used by one backup at a time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from beside.photos.vault.durable import make_folder


class InsideData(Exception):
    """The destination is inside the data folder, and would be lost with it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is inside the data folder. Choose a folder on another disk.")


class BackupBusy(Exception):
    """Another backup is writing to the same folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"Another backup to {folder} is running.")


@contextmanager
def taken(folder: Path, *, data: Path) -> Iterator[None]:
    """Hold `folder`, creating it if needed, for this backup alone. Raises `InsideData` and `BackupBusy`.

    What a backup that was killed had half-written is removed first.
    """
    if folder.resolve().is_relative_to(data.resolve()):
        raise InsideData(folder)
    make_folder(folder.resolve())
    lock = os.open(folder / ".lock", os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _drop_half_written(folder)
        yield
    except BlockingIOError:
        raise BackupBusy(folder) from None
    finally:
        os.close(lock)


def _drop_half_written(folder: Path) -> None:
    """Drafts of dumps, of files and of the record: only a backup makes them, and this one has the folder for itself."""
    for drafts in ("dumps/.*", "parts/*", "*.draft"):
        for draft in folder.glob(drafts):
            draft.unlink(missing_ok=True)
