"""Statements, and parts of them, compiled once from querysets that were made with stand-in values.

At each request the real values take the places of the stand-ins. There is no second rule
in SQL that could differ from `access.policy`: its own functions made the statement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NoReturn
from uuid import UUID

from django.db import (
    DEFAULT_DB_ALIAS,
    InterfaceError,
    OperationalError,
    connection,
    connections,
)
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, QuerySet
from django.db.models.expressions import RawSQL

PHOTO = UUID("00000000-0000-4000-8000-00000000f070")
POST = UUID("00000000-0000-4000-8000-000000009057")
ACCOUNT = UUID("00000000-0000-4000-8000-0000000acc07")
SESSION = "a session that stands in"
RENDITION = "stand-in"
AT = datetime(1970, 1, 1, 0, 0, 0, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Statement:
    """SQL with a name wherever a request's own value belongs."""

    sql: str

    def first(self, **values: object) -> tuple[Any, ...] | None:
        """The first row, by way of this thread's own connection and no ORM.

        A statement that is given again is kept prepared. Asked once more on a fresh connection
        where the database has ended this one meanwhile, as when it was restarted.
        """
        own = connections[DEFAULT_DB_ALIAS]
        try:
            return self._first(own, values)
        except (OperationalError, InterfaceError):
            if own.in_atomic_block or own.is_usable():
                raise
            own.close()
            return self._first(own, values)

    def _first(self, own: BaseDatabaseWrapper, values: dict[str, object]) -> tuple[Any, ...] | None:
        if own.connection is None:
            own.ensure_connection()
        with own.wrap_database_errors:
            row: tuple[Any, ...] | None = own.connection.execute(self.sql, values).fetchone()
        return row


class Made(RawSQL):
    """SQL about the rows of one table, by that table's own name."""

    def relabeled_clone(self, change_map: Mapping[str, str]) -> NoReturn:
        """Refuse: under another name of its table it would ask about other rows."""
        raise NotImplementedError("Ask for the ids first, and give those to the other query.")


@dataclass(frozen=True)
class Expression:
    """Part of a statement, about each row of one table, and the values it needs, in their order.

    Django takes a hundred times longer to make the rule into SQL than a database takes to answer it.
    """

    sql: str
    needs: tuple[str, ...]
    output: Field[Any, Any]

    def of(self, **values: object) -> Made:
        """What a queryset over that table is annotated with, for a request's own values."""
        return Made(self.sql, [values[name] for name in self.needs], self.output)


def expression(rows: QuerySet[Any, Any], name: str) -> Expression:
    """What `rows` are annotated with under `name`, with a place for each stand-in."""
    table = connection.ops.quote_name(rows.model._meta.db_table)
    sql, params = rows.values_list(name).query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    before, after = "SELECT ", f" AS {connection.ops.quote_name(name)} FROM {table}"
    assert sql.startswith(before), sql
    assert sql.endswith(after), sql
    needs = [_stand_ins().get(value) for value in params]
    places = ["%s" if need else _constant(value) for need, value in zip(needs, params, strict=True)]
    return Expression(
        sql.removeprefix(before).removesuffix(after) % tuple(places),
        tuple(need for need in needs if need),
        rows.query.annotations[name].output_field,
    )


def compiled(rows: QuerySet[Any, Any]) -> Statement:
    """The statement that asks for `rows`, with a name in the place of each stand-in."""
    sql, params = rows.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    needs = [_stand_ins().get(value) for value in params]
    places = [
        _name(need) if need else _constant(value) for need, value in zip(needs, params, strict=True)
    ]
    return Statement(sql % tuple(places))


@lru_cache(maxsize=1)
def _stand_ins() -> dict[object, str]:
    return {
        from_uuid(PHOTO): "photo",
        from_uuid(POST): "post",
        from_uuid(ACCOUNT): "account",
        SESSION: "session",
        RENDITION: "rendition",
        as_time(AT): "at",
    }


def _name(name: str) -> str:
    return f":{name}" if connection.vendor == "sqlite" else f"%({name})s"


def _constant(value: object) -> str:
    """A constant of the policy's own, such as a state or a sight. Nothing that came from anybody."""
    if isinstance(value, int):
        return str(bool(value)) if isinstance(value, bool) else str(int(value))
    text = str(value)
    assert text.replace(" ", "").isalpha(), text
    return f"'{text}'"


def as_time(at: datetime) -> object:
    """An instant as this database stores it."""
    return connection.ops.adapt_datetimefield_value(at)


def from_uuid(value: UUID) -> object:
    """An id as this database stores it."""
    return value if _has_uuids() else value.hex


@lru_cache(maxsize=1)
def _has_uuids() -> bool:
    return bool(connection.features.has_native_uuid_field)


def as_uuid(value: object) -> UUID:
    """An id from a row."""
    return value if isinstance(value, UUID) else UUID(bytes=bytes.fromhex(str(value)))
