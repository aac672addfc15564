"""The database that a place moves away from: held so that nobody else reads or writes, then set aside whole.

Once it is set aside, no process finds the old tables any more, not even one that has been asleep or cut off
meanwhile: on SQLite the file has another name, on PostgreSQL the tables are in another schema. Nothing is deleted.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from copy import deepcopy
from pathlib import Path
from typing import Any, Protocol

from django.db import DatabaseError, OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from beside.cli.moving import notes
from beside.cli.moving.alone import others
from beside.cli.moving.refusals import AsideAlready, InUse
from beside.cli.tables.databases import opened, sqlite_address
from beside.photos.vault.durable import sync_folder

ASIDE_FILE, ASIDE_SCHEMA, _OWN = "moved-away.sqlite3", "beside_moved_away", "photos_keyepoch"
_OWN_OR_ASIDE = (_OWN, f"{ASIDE_SCHEMA}.{_OWN}")
_WAITS_MS, _LOOKS_AGAIN_S = 3000, 0.05
_NEVER_TIRES = "SELECT set_config('idle_in_transaction_session_timeout', '0', false), set_config('statement_timeout', '0', false)"
# PostgreSQL's number for a lock that didn't come in time; its words are in the server's language.
_LOCK_NOT_AVAILABLE = "55P03"


class Source(Protocol):
    """A database that is moved away from."""

    def is_aside(self) -> bool:
        """Whether it was set aside, by a move that was cut off or has finished."""

    def require_no_leftover(self) -> None:
        """Raise `AsideAlready` if it couldn't be set aside."""

    def require_unused(self) -> None:
        """Raise `InUse` if it can't be held."""

    def held(self) -> AbstractContextManager[BaseDatabaseWrapper]:
        """The database, for this process alone until the end. Raises `InUse`."""

    def set_aside(self) -> None:
        """Set it aside, durably, while it is held. If it was already, nothing happens."""

    def put_back(self) -> None:
        """Undo that, as far as it was done."""

    def note(self, said: str, *, at_once: bool = False) -> None:
        """Keep a word with the rows, committed with whatever is done to them while they are held, or `at_once`."""

    def noted(self) -> str:
        """That word; empty if there is none."""

    def leftover(self) -> str:
        """What is to be deleted by hand once nobody needs the old rows."""


def has_tables(path: Path) -> bool:
    """Whether there is a SQLite file with any table; opening a file that isn't there makes an empty one."""
    if not path.exists():
        return False
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as file:
        return bool(file.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])


class SQLiteSource:
    """The file in the data folder."""

    def __init__(self, data: Path) -> None:
        self._path, self._aside = data / "beside.sqlite3", data / ASIDE_FILE

    def is_aside(self) -> bool:
        """Whether the file has its other name."""
        return self._aside.exists() and not has_tables(self._path)

    def require_no_leftover(self) -> None:
        """An earlier move may have left the file's other name."""
        if self._aside.exists():
            raise AsideAlready(str(self._aside))

    def require_unused(self) -> None:
        """Try to hold it, as no lock says who else has it open."""
        with self.held():
            pass

    @contextmanager
    def held(self) -> Iterator[BaseDatabaseWrapper]:
        """The file, locked. Only whoever has it alone can end its write-ahead log; so that is asked for first."""
        is_aside = self.is_aside()
        address = sqlite_address(self._aside if is_aside else self._path)
        address["OPTIONS"]["init_command"] = f"PRAGMA busy_timeout={_WAITS_MS};"
        with opened(address, alias="source") as held:
            if not is_aside:
                self._lock(held)
            yield held

    def set_aside(self) -> None:
        """Give it another name, still locked, so that nobody can open it in between."""
        if not self.is_aside():
            self._path.rename(self._aside)
            sync_folder(self._aside.parent)

    def put_back(self) -> None:
        """Give it its own name again."""
        if self.is_aside():
            self._aside.rename(self._path)
        sync_folder(self._aside.parent)

    def note(self, said: str, *, at_once: bool = False) -> None:
        """None is needed: a file beside this one says it."""

    def noted(self) -> str:
        """None ever is."""
        return ""

    def leftover(self) -> str:
        """The file's other name."""
        return str(self._aside)

    def _lock(self, held: BaseDatabaseWrapper) -> None:
        try:
            with held.cursor() as cursor:
                cursor.execute("PRAGMA journal_mode = DELETE")
                cursor.execute("PRAGMA locking_mode = EXCLUSIVE")
                cursor.execute("BEGIN EXCLUSIVE")
                cursor.execute("COMMIT")
        except OperationalError:
            raise InUse from None


class PostgreSQLSource:
    """The tables in the database that BESIDE_DATABASE_URL names."""

    def __init__(self, address: dict[str, Any]) -> None:
        self._address = deepcopy(address)
        self._held: BaseDatabaseWrapper | None = None

    def is_aside(self) -> bool:
        """Whether the tables are in the other schema, and none is in their own."""
        return self._has(f"{ASIDE_SCHEMA}.{_OWN}") and not self._has(_OWN)

    def require_no_leftover(self) -> None:
        """An earlier move may have left the other schema."""
        with opened(self._address, alias="looking") as looking, looking.cursor() as cursor:
            cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [ASIDE_SCHEMA])
            if cursor.fetchone()[0]:
                raise AsideAlready(f"the schema {ASIDE_SCHEMA}")

    def require_unused(self) -> None:
        """Look for other sessions of the same user; a lock alone would find only those that ask something now.

        A session that has just ended, such as this process's own, is still listed for a moment.
        """
        until = time.monotonic() + _WAITS_MS / 1000
        with opened(self._address, alias="looking") as looking, looking.cursor() as cursor:
            while others(cursor):
                if time.monotonic() > until:
                    raise InUse
                time.sleep(_LOOKS_AGAIN_S)

    @contextmanager
    def held(self) -> Iterator[BaseDatabaseWrapper]:
        """The tables, locked in a transaction that `set_aside` commits, however long files are copied meanwhile."""
        is_aside = self.is_aside()
        with opened(self._address, alias="source") as held:
            held.ensure_connection()
            held.set_autocommit(False)
            self._held = held
            try:
                self._ask(_NEVER_TIRES)
                held.commit()
                if is_aside:
                    self._ask(f"SET search_path TO {ASIDE_SCHEMA}")
                else:
                    self._lock()
                yield held
            finally:
                with suppress(DatabaseError):
                    held.rollback()
                self._held = None

    def set_aside(self) -> None:
        """Move every table into the other schema, and commit that."""
        if self._schema() != ASIDE_SCHEMA:
            tables = self._tables()
            self._ask(f"CREATE SCHEMA {ASIDE_SCHEMA}")
            self._move(tables, ASIDE_SCHEMA)
            # Whoever holds it still reads it.
            self._ask(f"SET search_path TO {ASIDE_SCHEMA}")
            self._connection().commit()

    def put_back(self) -> None:
        """Move them back into the schema that they came from, and commit that."""
        self._connection().rollback()
        if not self.is_aside():
            return
        self._ask(f"SET search_path TO {ASIDE_SCHEMA}")
        tables = self._tables()
        self._ask("RESET search_path")
        self._move(tables, self._schema(), of=f"{ASIDE_SCHEMA}.")
        self._ask(f"DROP SCHEMA {ASIDE_SCHEMA}")
        self._connection().commit()

    def note(self, said: str, *, at_once: bool = False) -> None:
        """Keep it where the rows are, or are set aside."""
        with self._looking() as database:
            notes.note(said, database, on=_OWN_OR_ASIDE)
            if at_once and database is self._held:
                database.commit()

    def noted(self) -> str:
        """What is kept there."""
        with self._looking() as database:
            return notes.noted(database, on=_OWN_OR_ASIDE)

    @contextmanager
    def _looking(self) -> Iterator[BaseDatabaseWrapper]:
        """Where it is held, by the connection that holds it; any other would wait for that."""
        if self._held is not None:
            yield self._held
        else:
            with opened(self._address, alias="looking") as looking:
                yield looking

    def leftover(self) -> str:
        """The other schema."""
        return f"the schema {ASIDE_SCHEMA} of the old database (DROP SCHEMA {ASIDE_SCHEMA} CASCADE)"

    def _lock(self) -> None:
        quoted = ", ".join(map(self._connection().ops.quote_name, self._tables()))
        try:
            self._ask(f"SET LOCAL lock_timeout = {_WAITS_MS}")
            self._ask(f"LOCK TABLE {quoted} IN ACCESS EXCLUSIVE MODE")
        except OperationalError as refused:
            if getattr(refused.__cause__, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
                raise
            raise InUse from None

    def _move(self, tables: list[str], schema: str, *, of: str = "") -> None:
        held = self._connection()
        for table in tables:
            self._ask(f"ALTER TABLE {of}{held.ops.quote_name(table)} SET SCHEMA {schema}")
        held.commit()

    def _tables(self) -> list[str]:
        with self._connection().cursor() as cursor:
            return self._connection().introspection.table_names(cursor)

    def _schema(self) -> str:
        with self._connection().cursor() as cursor:
            cursor.execute("SELECT current_schema()")
            return str(cursor.fetchone()[0])

    def _ask(self, statement: str) -> None:
        with self._connection().cursor() as cursor:
            cursor.execute(statement)

    def _connection(self) -> BaseDatabaseWrapper:
        assert self._held is not None
        return self._held

    def _has(self, table: str) -> bool:
        with opened(self._address, alias="looking") as looking, looking.cursor() as cursor:
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
            return bool(cursor.fetchone()[0])


def source_of(data: Path) -> SQLiteSource | PostgreSQLSource:
    """This place's database."""
    if connection.vendor == "sqlite":
        return SQLiteSource(data)
    return PostgreSQLSource(connection.settings_dict)


def leave(ours: BaseDatabaseWrapper) -> None:
    """Close this process's own connection, or the database would be in use by it."""
    ours.close()
    if hasattr(ours, "close_pool"):
        ours.close_pool()


def has_moved_away(data: Path) -> bool:
    """Whether this place's database was set aside, and there is no other in its place."""
    return source_of(data).is_aside()
