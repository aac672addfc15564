"""A sum of each table, which is the same in either database if its rows are, in whatever order they come."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper

from beside.cli.tables.layout import Layout
from beside.cli.tables.rows import plain, rows_of

_AROUND = 2**256


class Sum(NamedTuple):
    """How many rows a table has, and the sum of their SHA-256s."""

    rows: int
    digest: int


def sums_of(layout: Layout, connection: BaseDatabaseWrapper) -> dict[str, Sum]:
    """The sum of each table of `layout`, by its name. NUL counts as what takes its place on PostgreSQL."""
    return {table._meta.db_table: _sum(rows_of(table, connection)) for table in layout.tables}


def _sum(rows: Any) -> Sum:  # noqa: ANN401
    count = digest = 0
    for row in rows:
        said = json.dumps([_said(value) for value in row], sort_keys=True).encode()
        count, digest = count + 1, (digest + int.from_bytes(sha256(said).digest(), "big")) % _AROUND
    return Sum(count, digest)


def _said(value: Any) -> Any:  # noqa: ANN401
    """A value as JSON says it, each kind in one way; numbers within JSON by their worth."""
    match value:
        case str():
            return plain(value)
        case datetime():
            return value.astimezone(UTC).isoformat()
        case UUID() | date() | time():
            return str(value)
        case bytes() | memoryview():
            return bytes(value).hex()
        case float() if value.is_integer():
            return int(value)
        case list():
            return [_said(one) for one in value]
        case dict():
            return {plain(name): _said(one) for name, one in value.items()}
        case _:
            return value
