"""Where backups go, a folder or a bucket, used by one backup at a time, from whichever node of the place it runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from beside.cli.backups.dumps import DumpFiles
from beside.cli.backups.refusals import writing_to
from beside.cli.process.locks import locked_file
from beside.cli.tables.databases import numbered_lock
from beside.photos.vault.bucket_places import BucketPlace, identity_of, where
from beside.photos.vault.store import Store

Place = BucketPlace | Path


class BackupBusy(Exception):
    """Another backup is writing to the same place."""

    def __init__(self, where: str) -> None:
        super().__init__(f"Another backup to {where} is running.")


class InsideData(Exception):
    """The destination is inside the data folder, and would be lost with it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is inside the data folder. Choose a folder on another disk.")


class Destination(Protocol):
    """A place for backups. What a bucket refuses is `StoreUnavailable`, and what a disk does is an `OSError`."""

    where: str

    @property
    def store(self) -> Store:
        """Sealed files."""

    @property
    def dumps(self) -> DumpFiles:
        """Sealed dumps of the database."""

    def taken(self, *, data: Path) -> AbstractContextManager[None]:
        """Hold it for this backup alone, without what a killed one had half-written. Raises `BackupBusy`, and if it would be lost with the place."""

    def record(self) -> bytes:
        """What `keep_record` kept; nothing if that isn't there or can't be read."""

    def keep_record(self, data: bytes) -> None:
        """Keep it in place of what was there."""

    def lend_to(self, data: Path) -> None:
        """Have a place in the folder `data` that is thrown away read the files where they are. Nothing is deleted here by this process."""


def destination_at(place: Place) -> Destination:
    """The one at `place`. Nothing is asked of it yet."""
    kind = (
        "folder_destination.FolderDestination"
        if isinstance(place, Path)
        else "bucket_destination.BucketDestination"
    )
    made: Destination = import_string(f"beside.cli.backups.{kind}")(place)
    return made


def keyring_below(place: Place) -> Place:
    """Where a backup's keyring is if nobody says otherwise."""
    return place.below("keyring") if isinstance(place, BucketPlace) else place / "keyring"


@contextmanager
def alone(keyring: Place) -> Iterator[None]:
    """Be the only one that writes to `keyring`, of all nodes that share a database. Raises `BackupBusy`.

    Two backups to two places may share a keyring. Each would write it without the key of the other's dump. On SQLite there is one
    machine, and the lock is a file's. Otherwise it is the database's.
    """
    if connection.vendor != "postgresql":
        data = settings.BESIDE.data
        lock = data / f"keyring-{number_of(keyring) % (1 << 64):016x}.lock"
        with ExitStack() as held:
            with writing_to(data):
                held.enter_context(locked_file(lock, busy=BackupBusy(where(keyring))))
            yield
        return
    with numbered_lock(number_of(keyring), busy=BackupBusy(where(keyring))):
        yield


def number_of(keyring: Place) -> int:
    """The number of the lock on `keyring`, of 64 bits with a sign, as PostgreSQL wants it."""
    named = sha256(f"beside backup {identity_of(keyring)}".encode()).digest()
    return int.from_bytes(named[:8], "big", signed=True)
