"""How delivery asks the database, without the ORM.

A server process has connections of delivery's own, which are open before the first photograph is asked for
(`own`). Elsewhere delivery uses Django's (`Shared`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db import Error as DatabaseError
from django.utils.module_loading import import_string

from beside.access.compiled import Row, Statement, as_time
from beside.delivery.no_answer import NoAnswer


class Database(Protocol):
    """What delivery's statements are asked of."""

    has_turns: bool
    """Whether it lets only so many threads ask at once, and answers elsewhere meanwhile."""

    def prepare(self, statements: Sequence[Statement], values: dict[str, object]) -> None:
        """Ask each of them once on every connection, which later answers sooner. Raises `NoAnswer`."""

    def first(self, statement: Statement, values: dict[str, object]) -> Row | None:
        """The first row. Ids among `values` are texts of 32 figures. Raises `NoAnswer`."""

    def time(self, at: datetime) -> object:
        """An instant as this database compares it."""

    def close(self) -> None:
        """End what is open. The next question opens it again."""


class Shared:
    """Django's connection of the thread, for tests and for whatever else calls delivery as WSGI."""

    has_turns = False

    def prepare(self, statements: Sequence[Statement], values: dict[str, object]) -> None:
        """As `Database`."""
        for statement in statements:
            self.first(statement, values)

    def first(self, statement: Statement, values: dict[str, object]) -> Row | None:
        """As `Database`."""
        try:
            return statement.first(**values)
        except DatabaseError as wrong:
            connection.close()
            raise NoAnswer from wrong

    def time(self, at: datetime) -> object:
        """As `Database`."""
        return as_time(at)

    def close(self) -> None:
        """As `Database`."""
        connection.close()


class OwnSqlite:
    """Connections of delivery's own: one, and a further one for each thread whose disk hangs."""

    has_turns = False

    def __init__(self) -> None:
        self._free: list[sqlite3.Connection] = []

    def prepare(self, statements: Sequence[Statement], values: dict[str, object]) -> None:
        """As `Database`."""
        for statement in statements:
            self.first(statement, values)

    def first(self, statement: Statement, values: dict[str, object]) -> Row | None:
        """As `Database`. A connection on which anything failed is not used again."""
        try:
            # One call takes it from the list, so no two threads ever have the same.
            one = self._free.pop() if self._free else _opened()
        except IndexError:
            one = _opened()
        try:
            found: Row | None = one.execute(statement.sql, values).fetchone()
        except sqlite3.Error as wrong:
            one.close()
            raise NoAnswer from wrong
        self._free.append(one)
        return found

    def time(self, at: datetime) -> object:
        """As Django writes it there: in UTC, without saying so."""
        return at.isoformat(" ")[: -len("+00:00")]

    def close(self) -> None:
        """As `Database`."""
        while self._free:
            self._free.pop().close()


def own(*, at_once: int) -> Database:
    """Connections of delivery's own, to the database in the settings: on PostgreSQL `at_once` of them."""
    if connection.vendor == "sqlite":
        return OwnSqlite()
    # By its name: its driver isn't installed where PostgreSQL isn't used.
    kind = import_string("beside.delivery.postgresql.OwnPostgresql")
    made: Database = kind(patience_s=settings.BESIDE.database_patience_s, connections=at_once)
    return made


def _opened() -> sqlite3.Connection:
    django = connections.create_connection(DEFAULT_DB_ALIAS)
    # What is read here has columns of text, bytes and numbers, of which nothing else has to be made.
    plain = django.get_connection_params() | {"detect_types": 0}
    try:
        opened: sqlite3.Connection = django.get_new_connection(plain)
    except (sqlite3.Error, DatabaseError) as wrong:
        raise NoAnswer from wrong
    return opened
