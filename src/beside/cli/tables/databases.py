"""A further database beside the place's own, for as long as something is copied."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
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
    """The database at `address`, known to Django as `alias` until this ends, and closed then."""
    complete = ConnectionHandler({DEFAULT_DB_ALIAS: address}).settings[DEFAULT_DB_ALIAS]
    connections.settings[alias] = complete
    try:
        yield connections[alias]
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.settings[alias]
