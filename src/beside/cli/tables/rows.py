"""Copying the rows of tables, each value as the other database keeps it. Nothing is left in memory for long.

Every value goes through its field, out of the one database and into the other. PostgreSQL can't keep the character
NUL, so there it becomes U+FFFD; nothing else changes on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from django.db import DataError, IntegrityError, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q

from beside.cli.tables.layout import Layout

Table = type[models.Model]
Row = tuple[Any, ...]
_AT_ONCE = 2000


class RowRefused(Exception):
    """The other database doesn't take a row."""

    def __init__(self, table: str, says: str) -> None:
        super().__init__(f"A row of the table {table} can't be kept there: {says}")


class RowMissing(Exception):
    """A row names another one that isn't there."""

    def __init__(self, says: str) -> None:
        super().__init__(f"The rows don't belong together: {says}")


def copy_rows(
    layout: Layout,
    source: BaseDatabaseWrapper,
    target: BaseDatabaseWrapper,
    *,
    only: Mapping[str, Q | None],
) -> int:
    """Copy all rows of `layout` from `source` into the empty tables of `target`, in one transaction. Returns how many.

    `only` names the tables of which just some rows are copied, or none. Raises `RowRefused` and `RowMissing`,
    and then nothing was copied.
    """
    copied = 0
    with transaction.atomic(using=target.alias):
        for table in layout.tables:
            chosen = only.get(table._meta.db_table, Q())
            if chosen is not None:
                copied += _copy(table, source, target, chosen=chosen)
                follow_numbering(table, source, target)
        try:
            target.check_constraints()
        except IntegrityError as refused:
            raise RowMissing(first_line(refused)) from None
    return copied


def rows_of(
    table: Table, connection: BaseDatabaseWrapper, *, chosen: Q | None = None
) -> Iterator[Row]:
    """The rows of a table, as Python has their values. Inside a transaction PostgreSQL sends them a few at a time."""
    columns = [field.attname for field in table._meta.concrete_fields]
    rows = table._base_manager.using(connection.alias).filter(chosen or Q()).order_by()
    return iter(rows.values_list(*columns).iterator(chunk_size=_AT_ONCE))


def follow_numbering(
    table: Table, source: BaseDatabaseWrapper, target: BaseDatabaseWrapper
) -> None:
    """Let the next number in `target` be greater than any that `source` has ever given, as that may stand in an address."""
    column = table._meta.auto_field
    if column is None:
        return
    last = _last_number(table, source)
    with target.cursor() as cursor:
        if target.vendor == "sqlite":
            name = [table._meta.db_table]
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", name)
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [*name, last])
        elif last:
            number = _numbering(table, target)
            cursor.execute("SELECT setval(%s, %s)", [number, last])


def _copy(
    table: Table, source: BaseDatabaseWrapper, target: BaseDatabaseWrapper, *, chosen: Q
) -> int:
    quote = target.ops.quote_name
    fields = table._meta.concrete_fields
    columns = ", ".join(quote(str(field.column)) for field in fields)
    values = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(table._meta.db_table)} ({columns}) VALUES ({values})"  # noqa: S608
    keepers = [_keeper(field, target) for field in fields]
    rows, copied = rows_of(table, source, chosen=chosen), 0
    with target.cursor() as cursor:
        while some := list(islice(rows, _AT_ONCE)):
            kept = [
                tuple(keep(value) for keep, value in zip(keepers, row, strict=True)) for row in some
            ]
            try:
                cursor.executemany(statement, kept)
            except (DataError, IntegrityError) as refused:
                raise RowRefused(table._meta.db_table, first_line(refused)) from None
            copied += len(some)
    return copied


def _keeper(field: models.Field[Any, Any], target: BaseDatabaseWrapper) -> Callable[[Any], Any]:
    """What turns a value of `field` into one that `target` takes."""
    without_nul = plain if target.vendor == "postgresql" else _as_it_is
    is_null_json = isinstance(field, models.JSONField) and not field.null

    def keep(value: Any) -> Any:  # noqa: ANN401
        if value is None:
            # In a column that has to have a value it's the null of JSON itself.
            return target.ops.adapt_json_value(None, None) if is_null_json else None
        return field.get_db_prep_save(without_nul(value), connection=target)

    return keep


def plain(value: Any) -> Any:  # noqa: ANN401
    """`value` without the character NUL, within JSON too."""
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {plain(name): plain(one) for name, one in value.items()}
    return value


def _as_it_is(value: Any) -> Any:  # noqa: ANN401
    return value


def _last_number(table: Table, connection: BaseDatabaseWrapper) -> int:
    """The greatest number that was ever given; 0 if none was."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT max(seq) FROM sqlite_sequence WHERE name = %s", [table._meta.db_table]
            )
        else:
            number = _numbering(table, connection)
            cursor.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {number}")  # noqa: S608
        (last,) = cursor.fetchone()
    return last or 0


def _numbering(table: Table, connection: BaseDatabaseWrapper) -> str:
    """PostgreSQL's name of what numbers a table's rows."""
    column = table._meta.auto_field
    assert column is not None
    with connection.cursor() as cursor:
        quoted = connection.ops.quote_name(table._meta.db_table)
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [quoted, column.column])
        (name,) = cursor.fetchone()
    return str(name)


def first_line(refused: Exception) -> str:
    """What a database said, without the lines that repeat the statement or the row."""
    return str(refused).partition("\n")[0]
