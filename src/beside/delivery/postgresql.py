"""Delivery's own connections to PostgreSQL: two for the process, whose statements are prepared before they're needed.

The rule is one long statement. To plan it takes a hundred times as long as to answer it, and a new connection
knows none of the tables yet; so twenty photographs by twenty cold connections took ten times as long as by one that is warm. With two,
PostgreSQL answers the one photograph while the other is decrypted. They are asked below psycopg's cursors, which gives ids as their bytes, and a time by which there is an answer or none.
"""

from __future__ import annotations

import select
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from queue import Empty, SimpleQueue

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg.pq import ExecStatus, Format
from psycopg.pq.abc import PGconn, PGresult

from beside.access.compiled import Row, Statement
from beside.delivery.no_answer import NoAnswer
from beside.photos.vault.key_memory import memory

# psycopg counts no less.
_CONNECTS_WITHIN_S = 2
# Whoever asks so soon after it hung is told so at once, and doesn't wait as long again.
_NOT_AGAIN_FOR_S = 1.0
# On the connection that there is, and on a new one.
_ATTEMPTS = 2
_OPTIONS = "-c plan_cache_mode=force_generic_plan -c default_transaction_read_only=on"
_UUID, _TEXT, _INSTANT = 2950, 25, 1184
_TYPES = {"photo": _UUID, "post": _UUID, "account": _UUID, "at": _INSTANT}

Read = Callable[[bytes], object]
_AS_TEXT: Read = bytes.decode
_AS_NUMBER: Read = lambda found: int.from_bytes(found, "big", signed=True)  # noqa: E731
_READ: dict[int, Read] = {16: lambda found: found == b"\x01", 25: _AS_TEXT, 1043: _AS_TEXT}
_READ |= dict.fromkeys((20, 21, 23), _AS_NUMBER)


class _Lost(Exception):
    """The connection has ended, as when PostgreSQL was restarted."""


class OwnPostgresql:
    """The connections. Threads wait for one, but never longer than somebody should wait for an answer."""

    has_turns = True

    def __init__(self, *, patience_s: float, connections: int) -> None:
        """Nobody waits longer than `patience_s`, the time that it may take to connect included."""
        self._answers_within_s = max(patience_s - _CONNECTS_WITHIN_S, 1.0)
        self._connections = connections
        # In turn, so that none is left to grow cold. None stands for one that is opened when it is needed.
        self._free: SimpleQueue[_Line | None] = SimpleQueue()
        for _ in range(connections):
            self._free.put(None)
        self._not_before = 0.0
        # Lines from before the last that hung are likely to hang too.
        self._given_up = 0

    def prepare(self, statements: Sequence[Statement], values: dict[str, object]) -> None:
        """As `Database`. They are had in turn, so each of them comes to answer each statement."""
        for statement in statements:
            for _ in range(self._connections):
                self.first(statement, values)

    def first(self, statement: Statement, values: dict[str, object]) -> Row | None:
        """As `Database`. Where the connection was lost, the statement is asked once more on a new one."""
        until = time.monotonic() + self._answers_within_s
        line, kept = self._taken(), None
        try:
            kept, found = self._asked(line, statement, values, until=until)
        finally:
            self._free.put(kept)
        return found

    def time(self, at: datetime) -> object:
        """As PostgreSQL reads an instant."""
        return at.isoformat()

    def close(self) -> None:
        """As `Database`."""
        lines: list[_Line | None] = []
        for _ in range(self._connections):
            with suppress(Empty):
                lines.append(self._free.get(timeout=self._answers_within_s))
        for line in lines:
            if line is not None:
                line.close()
            self._free.put(None)

    def _taken(self) -> _Line | None:
        self._require_hope()
        try:
            line = self._free.get(timeout=self._answers_within_s)
        except Empty:
            raise NoAnswer from None
        try:
            # It may have hung meanwhile.
            self._require_hope()
        except NoAnswer:
            self._free.put(line)
            raise
        return line

    def _require_hope(self) -> None:
        if time.monotonic() < self._not_before:
            raise NoAnswer

    def _asked(
        self,
        line: _Line | None,
        statement: Statement,
        values: dict[str, object],
        *,
        until: float,
    ) -> tuple[_Line, Row | None]:
        """What is found, and the connection by which it was."""
        lost: _Lost | None = None
        if line is not None and line.since != self._given_up:
            line.close()
            line = None
        try:
            for _ in range(_ATTEMPTS):
                line = line or _Line(_connected(), since=self._given_up)
                try:
                    return line, line.first(statement, values, until=until)
                except _Lost as wrong:
                    line.close()
                    line, lost = None, wrong
        except NoAnswer:
            if line is not None:
                line.close()
            self._give_up()
            raise
        self._give_up()
        raise NoAnswer from lost

    def _give_up(self) -> None:
        self._given_up += 1
        self._not_before = time.monotonic() + _NOT_AGAIN_FOR_S


class _Line:
    """One open connection, and what was prepared on it."""

    def __init__(self, connection: psycopg.Connection, *, since: int) -> None:
        self.since = since
        """How often was given up before it was opened."""
        self._connection = connection
        self._pg: PGconn = connection.pgconn
        self._prepared: dict[str, tuple[bytes, list[str]]] = {}
        self._poll = select.poll()
        self._poll.register(self._pg.socket, select.POLLIN)

    def first(self, statement: Statement, values: dict[str, object], *, until: float) -> Row | None:
        """The first row. Raises `_Lost`, and `NoAnswer` where there is none at the time `until`."""
        try:
            name, names = self._prepared.get(statement.sql) or self._prepare(statement, until)
            given = [None if (one := values[key]) is None else str(one).encode() for key in names]
            self._pg.send_query_prepared(name, given, result_format=Format.BINARY)
            return _first(self._result(until))
        except psycopg.Error as wrong:
            raise _Lost from wrong

    def close(self) -> None:
        """End it, without waiting for anything."""
        self._connection.close()

    def _prepare(self, statement: Statement, until: float) -> tuple[bytes, list[str]]:
        names: list[str] = []
        numbered = statement.sql % _Numbers(names)
        name = f"delivery_{len(self._prepared)}".encode()
        types = [_TYPES.get(key, _TEXT) for key in names]
        self._pg.send_prepare(name, numbered.encode(), types)
        self._result(until)
        self._prepared[statement.sql] = name, names
        return name, names

    def _result(self, until: float) -> PGresult:
        """What came of what was sent."""
        while self._pg.flush():
            # What is sent is a few hundred bytes, which always fit; to prepare takes more.
            self._wait(until, select.POLLIN | select.POLLOUT)
        last: PGresult | None = None
        while True:
            while self._pg.is_busy():
                self._wait(until, select.POLLIN)
            result = self._pg.get_result()
            if result is None:
                break
            last = result
        if last is None or last.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
            said = last.get_error_message() if last is not None else "no result"
            raise psycopg.OperationalError(said)
        return last

    def _wait(self, until: float, events: int) -> None:
        self._poll.modify(self._pg.socket, events)
        left_ms = (until - time.monotonic()) * 1000
        if left_ms <= 0 or not (ready := self._poll.poll(left_ms)):
            raise NoAnswer
        if ready[0][1] & ~select.POLLOUT:
            self._pg.consume_input()


class _Numbers(dict[str, str]):
    """Turns the names of a statement's parameters into PostgreSQL's numbers, and keeps the names in their order."""

    def __init__(self, names: list[str]) -> None:
        super().__init__()
        self._names = names

    def __missing__(self, name: str) -> str:
        self._names.append(name)
        self[name] = number = f"${len(self._names)}"
        return number


def _first(result: PGresult) -> Row | None:
    if not result.ntuples:
        return None
    row: list[object] = []
    for column in range(result.nfields):
        found = result.get_value(0, column)
        read = _READ.get(result.ftype(column))
        row.append(found if found is None or read is None else read(found))
    return tuple(row)


def _connected() -> psycopg.Connection:
    """Open a connection of its own, to the database in the settings. Raises `NoAnswer`."""
    given = connections.create_connection(DEFAULT_DB_ALIAS).get_connection_params()
    given |= {
        "connect_timeout": _CONNECTS_WITHIN_S,
        "options": f"{given.get('options', '')} {_OPTIONS}".strip(),
        "autocommit": True,
    }
    try:
        connection: psycopg.Connection = psycopg.connect(**given)
    except psycopg.Error as wrong:
        raise NoAnswer from wrong
    # Another server may answer from now on.
    memory.forget()
    return connection
