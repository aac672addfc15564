"""Reading many rows as they are at one moment, while others go on writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def repeatable_read(database: BaseDatabaseWrapper) -> Iterator[None]:
    """A transaction of its own on `database` in which every statement sees the rows of its first one, however long it takes.

    On PostgreSQL nothing can be written in it, and nobody waits for it. On SQLite nobody else can write meanwhile.
    """
    with transaction.atomic(using=database.alias, durable=True):
        if database.vendor != "sqlite":
            with database.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                # However long a pause there is between two tables.
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
                cursor.execute("SET LOCAL statement_timeout = 0")
        yield
