"""A further database beside the place's own, for as long as something is copied."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

# A file that is deleted in any case, or is synced whole when it is complete, needn't survive a power cut before.
_HASTY = "PRAGMA journal_mode=MEMORY;PRAGMA synchronous=OFF;PRAGMA temp_store=MEMORY;"


def sqlite_address(path: Path) -> dict[str, Any]:
    """The settings of a copy in the SQLite file `path`."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": _HASTY},
    }


@contextmanager
def opened(address: dict[str, Any], *, alias: str) -> Iterator[BaseDatabaseWrapper]:
    """The database at `address`, known to Django as `alias` until this ends, and closed then.

    It is never one of a pool. Long tables are read within a transaction, where even behind a pooler the database can
    send them a few rows at a time.
    """
    options = {name: said for name, said in address.get("OPTIONS", {}).items() if name != "pool"}
    own = {**address, "OPTIONS": options, "DISABLE_SERVER_SIDE_CURSORS": False}
    complete = ConnectionHandler({DEFAULT_DB_ALIAS: own}).settings[DEFAULT_DB_ALIAS]
    connections.settings[alias] = complete
    try:
        yield connections[alias]
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.settings[alias]


@contextmanager
def numbered_lock(number: int, *, busy: Exception) -> Iterator[None]:
    """Hold PostgreSQL's lock of that `number`, of 64 bits with a sign, in this place's database. Raises `busy` where another holds it.

    It is one of a transaction, on a connection of its own, as a pooler gives a session to somebody else between two transactions.
    """
    with (
        opened(deepcopy(connection.settings_dict), alias="lock") as holding,
        transaction.atomic(using=holding.alias),
        holding.cursor() as cursor,
    ):
        # What is done meanwhile may take hours, in which nothing is asked here.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise busy
        yield
