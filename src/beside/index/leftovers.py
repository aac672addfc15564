"""Ending what a database keeps of words that have left the index, in the pages that it still has of them.

FTS5 before 3.42 only marks words as deleted, and drops them when it merges its pages; PostgreSQL drops rows when it vacuums.
"""

from __future__ import annotations

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from beside.index.full_text import forgets_at_once

# Pages of FTS5 that are merged in one transaction, and how often at most at a time.
_PAGES, _MOST_PIECES = 500, 2000


def purge() -> None:
    """Drop what has been deleted, in pieces, so that others can write in between."""
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM index_text")
        return
    if not forgets_at_once():
        for piece in range(_MOST_PIECES):
            if not _merge(is_first=piece == 0):
                break
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@transaction.atomic
def _merge(*, is_first: bool) -> bool:
    """Merge some pages. The first time of a run it takes all of the index, as one."""
    with connection.cursor() as cursor:
        before = _changes(cursor)
        cursor.execute(
            "INSERT INTO index_full_text(index_full_text, rank) VALUES ('merge', %s)",
            [-_PAGES if is_first else _PAGES],
        )
        # FTS5 says so: one change is the statement's own.
        return _changes(cursor) - before >= 2


def _changes(cursor: CursorWrapper) -> int:
    cursor.execute("SELECT total_changes()")
    row = cursor.fetchone()
    return int(row[0]) if row else 0
