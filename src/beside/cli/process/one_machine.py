"""What one machine of a place does while all others wait: making and changing its tables."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager

from django.conf import settings
from django.db import connection

from beside.cli.process.locks import waited_for

log = logging.getLogger(__name__)

# PostgreSQL keeps such locks apart by number, for everybody who uses the same database.
_NUMBER = int.from_bytes(b"Beside", "big")


@contextmanager
def one_start() -> Iterator[None]:
    """As `one_machine`; on SQLite wait for the machine's other starts: the second would find half of the first one's tables."""
    if connection.vendor != "sqlite":
        with one_machine():
            yield
        return
    # Not the folder's lock: a move holds that for hours, while the place is served, and a server may have to start again.
    with waited_for(settings.BESIDE.data / "starting.lock"):
        yield


@contextmanager
def one_machine() -> Iterator[None]:
    """Wait until no other machine is in such a block, and keep all others out of it. Only PostgreSQL is shared by machines.

    The lock ends with its transaction, which a pooler leaves on one connection, and so with the process, however that ends.
    """
    if connection.vendor == "sqlite":
        yield
        return
    with closing(connection.copy()) as own:
        own.set_autocommit(False)
        with own.cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_NUMBER])
            if not cursor.fetchone()[0]:
                log.info("Another machine is preparing this place; this one waits until it has.")
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NUMBER])
        yield
