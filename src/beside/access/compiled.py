"""SQL statements and expressions, compiled once from querysets that were built with placeholder values.

Each request fills in its own values. There is no second rule in SQL that could differ from
`access.policy`, because the policy's own functions build the querysets.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NoReturn, TypeVar
from uuid import UUID

from django.db import (
    DEFAULT_DB_ALIAS,
    InterfaceError,
    OperationalError,
    connection,
    connections,
)
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Case, Field, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL

from beside.posts.models import Post
from beside.querysets.placeholders import stored

PHOTO = UUID("00000000-0000-4000-8000-00000000f070")
POST = UUID("00000000-0000-4000-8000-000000009057")
ACCOUNT = UUID("00000000-0000-4000-8000-0000000acc07")
SESSION = "placeholder for a session"
RENDITION = "placeholder for a rendition"
AT = datetime(1970, 1, 1, 0, 0, 0, 1, tzinfo=UTC)


Row = tuple[Any, ...]
Rows = TypeVar("Rows")


class CannotCompile(Exception):
    """Django built SQL of another shape than this module can take apart safely."""


@dataclass(frozen=True)
class Statement:
    """SQL with named parameters for a request's values."""

    sql: str

    def first(self, **values: object) -> Row | None:
        """The first row, fetched over this thread's connection without the ORM.

        The database driver keeps the statement prepared. If the database has dropped the
        connection, as when it was restarted, the statement is run once more on a new one.
        """
        return self._fetched(_first, values)

    def every(self, **values: object) -> list[Row]:
        """All rows, fetched in the same way."""
        return self._fetched(list, values)

    def _fetched(self, fetch: Callable[[Any], Rows], values: dict[str, object]) -> Rows:
        thread_connection = connections[DEFAULT_DB_ALIAS]
        try:
            return self._run(thread_connection, fetch, values)
        except (OperationalError, InterfaceError):
            if thread_connection.in_atomic_block or thread_connection.is_usable():
                raise
            thread_connection.close()
            return self._run(thread_connection, fetch, values)

    def _run(
        self,
        database: BaseDatabaseWrapper,
        fetch: Callable[[Any], Rows],
        values: dict[str, object],
    ) -> Rows:
        if database.connection is None:
            database.ensure_connection()
        with database.wrap_database_errors:
            return fetch(database.connection.execute(self.sql, values))


def _first(cursor: Any) -> Row | None:  # noqa: ANN401 -- of either database
    row: Row | None = cursor.fetchone()
    return row


class BoundExpression(RawSQL):
    """SQL about the rows of one table, which it calls by the table's own name, with its values."""

    def relabeled_clone(self, change_map: Mapping[str, str]) -> NoReturn:
        """Refuse: if its table had an alias, the SQL would be about other rows."""
        raise NotImplementedError(
            "Fetch the ids in a query of its own first, and filter the other query by them."
        )


@dataclass(frozen=True)
class Expression:
    """A SQL expression about each row of one table, and the names of its parameters, in their order.

    Compiling the rule to SQL takes Django a hundred times longer than the database takes to run it.
    """

    sql: str
    parameters: tuple[str, ...]
    output: Field[Any, Any]

    def bind(self, **values: object) -> BoundExpression:
        """The expression with a request's values, for annotating a queryset of that table."""
        return BoundExpression(self.sql, [values[name] for name in self.parameters], self.output)


def expression(rows: QuerySet[Any, Any], annotation: str) -> Expression:
    """An annotation of `rows`, with a parameter for each placeholder; raises `CannotCompile`."""
    table = connection.ops.quote_name(rows.model._meta.db_table)
    sql, params = rows.values_list(annotation).query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    before, after = "SELECT ", f" AS {connection.ops.quote_name(annotation)} FROM {table}"
    if not (sql.startswith(before) and sql.endswith(after)):
        raise CannotCompile(f"This isn't one expression about the rows of {table}: {sql}")
    names = [_placeholders().get(value) for value in params]
    written = ["%s" if name else _literal(value) for name, value in zip(names, params, strict=True)]
    return Expression(
        sql.removeprefix(before).removesuffix(after) % tuple(written),
        tuple(name for name in names if name),
        rows.query.annotations[annotation].output_field,
    )


def condition(holds: Q) -> Expression:
    """A further condition on posts for the account `ACCOUNT`, compiled to an expression that is true or false.

    Django takes far longer to compile one than a database to run it, so the caller keeps what this returns.
    """
    is_met = Case(
        When(holds, then=Value(True)),  # noqa: FBT003
        default=Value(False),  # noqa: FBT003
        output_field=BooleanField(),
    )
    return expression(Post.objects.annotate(is_met=is_met), "is_met")


def compiled(rows: QuerySet[Any, Any]) -> Statement:
    """The statement that selects `rows`, with a named parameter for each placeholder; raises `CannotCompile`."""
    sql, params = rows.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    names = [_placeholders().get(value) for value in params]
    written = [
        _parameter(name) if name else _literal(value)
        for name, value in zip(names, params, strict=True)
    ]
    return Statement(sql % tuple(written))


@lru_cache(maxsize=1)
def _placeholders() -> dict[object, str]:
    return {
        from_uuid(PHOTO): "photo",
        from_uuid(POST): "post",
        from_uuid(ACCOUNT): "account",
        SESSION: "session",
        RENDITION: "rendition",
        as_time(AT): "at",
    }


def _parameter(name: str) -> str:
    return f":{name}" if connection.vendor == "sqlite" else f"%({name})s"


def _literal(value: object) -> str:
    """A constant of the policy, such as a state or a sight, as SQL. Nothing that anybody typed is allowed."""
    if isinstance(value, int):
        return str(bool(value)) if isinstance(value, bool) else str(int(value))
    text = str(value)
    if not (text.isascii() and text.replace(" ", "").isalpha()):
        raise CannotCompile(f"This is no constant of the policy: {text!r}")
    return f"'{text}'"


def as_time(at: datetime) -> object:
    """An instant as this database stores it."""
    return stored(at)


def from_uuid(value: UUID) -> object:
    """An id as this database stores it."""
    return stored(value)


def as_uuid(value: object) -> UUID:
    """An id from a row."""
    return value if isinstance(value, UUID) else UUID(bytes=bytes.fromhex(str(value)))
