"""The database as it is at one moment, as a plain SQLite file, whichever database the place is on.

So there is one format of dumps, and a dump of either goes back into either. The file lies in the data folder for as
long as it is needed; one that a killed process left there is removed by the next.
"""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from copy import deepcopy
from pathlib import Path
from uuid import uuid4

from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Q

from beside.cli.backups.refusals import CannotWrite, writing_to
from beside.cli.process.setup import NewerSchema, later_migrations
from beside.cli.tables.databases import opened, sqlite_address
from beside.cli.tables.layout import layout_of, make
from beside.cli.tables.rows import copy_rows
from beside.index import full_text
from beside.photos.disk_full import says_full
from beside.photos.vault.durable import PRIVATE_FILE
from beside.querysets.repeatable_read import repeatable_read

# What must never come back from a dump: keys, sessions and what counts in one session only, mails that were sent
# since, and who may sign in by the organisation's provider: somebody may have ended that since. Of a table with a column, the rows that have something in it. The index is made anew, so that no dump has a
# word longer than the letter that it was in.
LEFT_OUT = {
    "access_consent": "session_id",
    "access_look": "",
    "index_text": "",
    "notices_outgoingmail": "",
    "notices_pushsubscription": "",
    "posts_sharelinkdevice": "",
    "people_guesscounter": "",
    "people_knowndevice": "",
    "people_session": "",
    "photos_hold": "",
    "photos_authorkey": "",
    "rate_limits": "",
    "socialaccount_socialaccount": "",
    "socialaccount_socialtoken": "",
}
_BEGINNING = "snapshot-"


@contextmanager
def snapshot(scratch: Path) -> Iterator[Path]:
    """A snapshot of the database without what must not come back, deleted when this ends.

    Where another process makes one, this waits.
    """
    with _alone(scratch), scratch_file(scratch) as plain:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(plain)])
            take_out(plain)
        else:
            with _told_of(scratch):
                _write_out(plain)
        yield plain


@contextmanager
def scratch_file(folder: Path) -> Iterator[Path]:
    """A name for a plain copy in `folder`, which is deleted when this ends, whatever happens."""
    plain = folder / f"{_BEGINNING}{uuid4().hex}"
    try:
        yield plain
    finally:
        for leftover in folder.glob(f"{plain.name}*"):
            leftover.unlink(missing_ok=True)


def drop_leftovers(folder: Path) -> None:
    """Delete the plain copies that killed processes have left in `folder`. The caller knows that none is being made."""
    for leftover in folder.glob(f"{_BEGINNING}*"):
        leftover.unlink(missing_ok=True)


def take_out(plain: Path) -> None:
    """Delete from a SQLite file what must not come back, bytes and all."""
    with closing(sqlite3.connect(plain)) as copy, copy:
        copy.execute("PRAGMA secure_delete = ON")
        there = {name for (name,) in copy.execute("SELECT name FROM sqlite_master")}
        for table, column in LEFT_OUT.items():
            if table not in there:
                continue
            some = f" WHERE {column} IS NOT NULL" if column else ""
            copy.execute(f"DELETE FROM {table}{some}")  # noqa: S608
        copy.execute(full_text.EMPTY_IT)


def read_in(plain: Path) -> None:
    """Make the tables of a snapshot, with its rows, in the place's own database, which has none.

    Raises `NewerSchema`, `RowRefused` and `RowMissing`. Within a transaction, all of it happens or nothing.
    """
    with opened(sqlite_address(plain), alias="snapshot") as source:
        _require_known(source)
        layout = layout_of(source)
        make(layout, connection)
        copy_rows(layout, source, connection, only=_kept())


def _write_out(plain: Path) -> None:
    """Copy the place's database at one moment, while others go on writing to it."""
    with (
        opened(deepcopy(connection.settings_dict), alias="reading") as reading,
        repeatable_read(reading),
    ):
        _require_known(reading)
        layout = layout_of(reading)
        with opened(sqlite_address(plain), alias="snapshot") as target:
            make(layout, target)
            copy_rows(layout, reading, target, only=_kept())


def _require_known(database: BaseDatabaseWrapper) -> None:
    """Raise `NewerSchema` on tables of a later version, even one that lets this one run: it has columns unknown here."""
    if later := later_migrations(MigrationExecutor(database)):
        raise NewerSchema(later)


def _kept() -> dict[str, Q | None]:
    """Which rows of the tables in `LEFT_OUT` are copied: None for none."""
    return {
        table: Q(**{f"{column}__isnull": True}) if column else None
        for table, column in LEFT_OUT.items()
    }


@contextmanager
def _told_of(scratch: Path) -> Iterator[None]:
    """Where the copy's own file finds no room: `CannotWrite`. It isn't the place's database that is full."""
    try:
        yield
    except OperationalError as wrong:
        if isinstance(wrong.__cause__, sqlite3.OperationalError) and says_full(wrong):
            no_room = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            raise CannotWrite(scratch, no_room) from None
        raise


@contextmanager
def _alone(scratch: Path) -> Iterator[None]:
    """Wait until no other process makes a snapshot here, and remove what killed ones have left."""
    with writing_to(scratch):
        how = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC
        lock = os.open(scratch / "dumping.lock", how, PRIVATE_FILE)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        drop_leftovers(scratch)
        yield
    finally:
        os.close(lock)
