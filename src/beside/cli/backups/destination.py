"""Where backups go, used by one backup at a time, from whichever node of the place it runs."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from hashlib import sha256
from pathlib import Path

from django.db import connection, transaction

from beside.cli.tables.databases import opened
from beside.photos.vault.durable import make_folder


class InsideData(Exception):
    """The destination is inside the data folder, and would be lost with it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is inside the data folder. Choose a folder on another disk.")


class BackupBusy(Exception):
    """Another backup is writing to the same place."""

    def __init__(self, where: Path) -> None:
        super().__init__(f"Another backup to {where} is running.")


@contextmanager
def alone(keyring: Path) -> Iterator[None]:
    """Be the only one that writes to `keyring`, of all nodes that share a database. Raises `BackupBusy`.

    On SQLite there is one machine, and the lock of `taken` is enough. The lock is one of a transaction, on a
    connection of its own, as a pooler gives a session to somebody else between two transactions.
    """
    if connection.vendor != "postgresql":
        yield
        return
    number = int.from_bytes(
        sha256(f"beside backup {keyring}".encode()).digest()[:8], "big", signed=True
    )
    with (
        opened(deepcopy(connection.settings_dict), alias="lock") as holding,
        transaction.atomic(using=holding.alias),
        holding.cursor() as cursor,
    ):
        # Copying may take hours, in which nothing is asked here.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise BackupBusy(keyring)
        yield


@contextmanager
def taken(folder: Path, *, data: Path) -> Iterator[None]:
    """Hold `folder`, creating it if needed, for this backup alone. Raises `InsideData` and `BackupBusy`."""
    if folder.resolve().is_relative_to(data.resolve()):
        raise InsideData(folder)
    make_folder(folder.resolve())
    lock = os.open(folder / ".lock", os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise BackupBusy(folder) from None
    finally:
        os.close(lock)
