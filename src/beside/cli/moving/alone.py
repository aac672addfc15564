"""One move of a place at a time, from whichever of its machines or containers it is given.

Two would each find all free, and the later take for a copy of the key what by then is the only one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from django.db import connection
from django.db.backends.utils import CursorWrapper

from beside.cli.process.locks import locked_folder
from beside.cli.tables.databases import numbered_lock

# PostgreSQL keeps such locks apart by number, for everybody who uses the same database.
_NUMBER = int.from_bytes(sha256(b"beside move").digest()[:8], "big", signed=True)
_OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid() AND backend_type = 'client backend'
    AND pid NOT IN (
        SELECT pid FROM pg_locks
        WHERE locktype = 'advisory' AND objsubid = 1 AND (classid::bigint << 32 | objid::bigint) = %s
    )
"""


class MoveBusy(Exception):
    """Another move of the same place, or a restore into the same folder, is at work."""

    def __init__(self) -> None:
        super().__init__(
            "Another beside move of this place is running, or a beside restore. Nothing has been changed. Wait until it has ended, and"
            " see what it says."
        )


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """Be the only one that moves the place in `data`, or on this PostgreSQL, until this ends. Raises `MoveBusy`.

    The folder is locked on PostgreSQL too: two places may be on their way into it.
    """
    with ExitStack() as held:
        with suppress(FileNotFoundError):
            held.enter_context(locked_folder(data, busy=MoveBusy()))
        if connection.vendor == "postgresql":
            held.enter_context(numbered_lock(_NUMBER, busy=MoveBusy()))
        yield


def others(cursor: CursorWrapper) -> int:
    """How many other sessions the same user has in this PostgreSQL, without the one that holds that lock."""
    cursor.execute(_OTHERS, [_NUMBER])
    return int(cursor.fetchone()[0])
