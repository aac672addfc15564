"""Querysets whose SQL is built once a process, and is then filled in with each request's values.

Django takes far longer to build SQL than a database to run it. Kept are only the text of a statement and how its rows
become objects: nothing that anybody asked, and no row. The SQL is the queryset's own, so there is no second one that
could differ from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar
from weakref import WeakSet

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import QuerySet
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesListIterable,
    get_related_populators,
)

from beside.querysets.placeholders import (
    CannotPrepare,
    TooLong,
    filled,
    literal,
    places_of,
    shape_of,
)
from beside.querysets.placeholders import standing_in_for as placeholder

P = ParamSpec("P")
Row = TypeVar("Row")
Rows = list[tuple[Any, ...]]
Reader = Callable[[Rows], list[Any]]
EVERY, FIRST, ANY = "every", "first", "any"


@dataclass(frozen=True)
class Compiled:
    """One statement: as Django's cursor takes it, as the driver does, whose value stands where, and how its rows are read."""

    sql: str
    driver_sql: str
    places: Sequence[tuple[int, int]]
    read: Reader

    def rows(self, values: Sequence[Any]) -> list[Any]:
        """What the statement selects with these values."""
        return self.read(self._fetched(filled(self.places, values)))

    def _fetched(self, params: list[Any]) -> Any:  # noqa: ANN401
        # Any: it is either database's own.
        database: Any = connections[DEFAULT_DB_ALIAS]
        if database.queries_logged or database.execute_wrappers:
            with database.cursor() as cursor:
                cursor.execute(self.sql, params)
                return cursor.fetchall()
        # What Django's cursor does, without its layers and without rewriting the text at each turn.
        database.close_if_health_check_failed()
        database.ensure_connection()
        database.validate_no_broken_transaction()
        with database.wrap_database_errors:
            if database.vendor == "sqlite":
                return database.connection.execute(self.driver_sql, params).fetchall()
            with database.create_cursor() as cursor:
                return cursor.execute(self.driver_sql, params).fetchall()


class Prepared(Generic[P, Row]):
    """A function that builds a queryset, to be asked without building it again.

    It is called once for each shape of its arguments, with placeholders for ids, texts, times and lists of ids. None,
    a bool and a member of an enumeration are part of the shape: for each the function is called anew.
    """

    def __init__(self, build: Callable[P, QuerySet[Any, Row]]) -> None:
        self._build = build
        self._compiled: dict[Any, Compiled | None] = {}
        update_wrapper(self, build)
        _ALL.add(self)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> QuerySet[Any, Row]:
        """The queryset itself, as Django builds it anew: to change its rows, or to ask more of it."""
        return self._build(*args, **kwargs)

    def every(self, *args: P.args, **kwargs: P.kwargs) -> list[Row]:
        """All rows. Raises `CannotPrepare` for a queryset or an argument that can't be compiled for all requests."""
        return self._ask(EVERY, args, kwargs)

    def first(self, *args: P.args, **kwargs: P.kwargs) -> Row | None:
        """The first row in the queryset's order, or by id; raises as `every`."""
        found = self._ask(FIRST, args, kwargs)
        return found[0] if found else None

    def any(self, *args: P.args, **kwargs: P.kwargs) -> bool:
        """Whether there is any row; raises as `every`."""
        return bool(self._ask(ANY, args, kwargs))

    def _ask(self, what: str, args: Sequence[Any], kwargs: dict[str, Any]) -> list[Any]:
        values = (*args, *kwargs.values())
        try:
            key = (what, *kwargs, *map(shape_of, values))
        except TooLong:
            return _built_anew(what, self._build(*args, **kwargs))
        try:
            compiled = self._compiled[key]
        except KeyError:
            compiled = self._compiled[key] = self._compile(what, values, tuple(kwargs))
        return compiled.rows(values) if compiled else []

    def _compile(self, what: str, values: Sequence[Any], names: Sequence[str]) -> Compiled | None:
        stand_ins = [placeholder(value, number) for number, value in enumerate(values)]
        plain = len(stand_ins) - len(names)
        named = dict(zip(names, stand_ins[plain:], strict=True))
        queryset = self._build(*stand_ins[:plain], **named)
        _refuse_what_is_not_in_the_sql(queryset)
        if what == FIRST:
            queryset = (queryset if queryset.ordered else queryset.order_by("pk"))[:1]
        query = queryset.query.exists() if what == ANY else queryset.query
        compiler = query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        places = places_of(stand_ins)
        written = ["%s" if param in places else literal(param) for param in params]
        sql = sql % tuple(written)
        return Compiled(
            sql,
            sql.replace("%s", "?") if connection.vendor == "sqlite" else sql,
            [places[param] for param in params if param in places],
            list if what == ANY else _reader(queryset, compiler),
        )


def _built_anew(what: str, queryset: QuerySet[Any, Any]) -> list[Any]:
    """What a prepared statement would give; an answer for `any` that holds anything says that there is a row."""
    if what == EVERY:
        return list(queryset)
    if what == ANY:
        return [True] if queryset.exists() else []
    found = queryset.first()
    return [] if found is None else [found]


_ALL: WeakSet[Prepared[..., Any]] = WeakSet()


def forget() -> None:
    """Build everything anew when it is next asked: for programs that change the functions themselves (`bench.mutants`)."""
    for one in _ALL:
        one._compiled.clear()


def prepared(build: Callable[P, QuerySet[Any, Row]]) -> Prepared[P, Row]:
    """Decorate a function that builds a queryset from ids, texts and times, and from nothing else: no clock, no settings.

    It compares and counts none of them itself, as it is called with placeholders.
    """
    return Prepared(build)


def _refuse_what_is_not_in_the_sql(queryset: Any) -> None:  # noqa: ANN401 -- Django's own
    """Raise `CannotPrepare` for a queryset that Django would do more with than run its SQL."""
    if queryset._prefetch_related_lookups or queryset.query.select_for_update:
        raise CannotPrepare("It prefetches other rows, or locks these.")
    # An instance that it began from would be the placeholder's, as in `post.authorships`.
    if queryset._known_related_objects or queryset._sticky_filter:
        raise CannotPrepare("It begins from an instance.")


def _reader(queryset: QuerySet[Any, Any], compiler: Any) -> Reader:  # noqa: ANN401 -- Django's own
    """How rows become what the queryset would give. Converters and populators know no request."""
    fields = [column for column, *_ in compiler.select[: compiler.col_count]]
    converters = compiler.get_converters(fields)
    kind = queryset._iterable_class
    if kind is ModelIterable:
        as_objects = _models(queryset, compiler)
    elif kind in _OF_VALUES:
        as_objects = _OF_VALUES[kind]
    else:
        raise CannotPrepare(f"Its rows become {kind}.")

    def read(rows: Rows) -> list[Any]:
        return as_objects(compiler.apply_converters(rows, converters) if converters else rows)

    return read


def _models(
    queryset: QuerySet[Any, Any],
    compiler: Any,  # noqa: ANN401
) -> Callable[[Iterable[Sequence[Any]]], list[Any]]:
    """As `ModelIterable` makes instances, with those of `select_related`."""
    # Any: the stubs are those of Django 6.
    populators: Any = get_related_populators
    related = populators(compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS)
    model, places = compiler.klass_info["model"], compiler.klass_info["select_fields"]
    start, end = places[0], places[-1] + 1
    names = [column[0].target.attname for column in compiler.select[start:end]]
    annotated = list(compiler.annotation_col_map.items())

    def made(row: Sequence[Any]) -> Any:  # noqa: ANN401 -- an instance of its model
        instance = model.from_db(DEFAULT_DB_ALIAS, names, row[start:end])
        for populator in related:
            populator.populate(row, instance)
        for name, place in annotated:
            setattr(instance, name, row[place])
        return instance

    return lambda rows: [made(row) for row in rows]


def _tuples(rows: Iterable[Sequence[Any]]) -> list[Any]:
    return [tuple(row) for row in rows]


def _first_columns(rows: Iterable[Sequence[Any]]) -> list[Any]:
    return [row[0] for row in rows]


_OF_VALUES: dict[Any, Callable[[Iterable[Sequence[Any]]], list[Any]]] = {
    FlatValuesListIterable: _first_columns,
    ValuesListIterable: _tuples,
}
