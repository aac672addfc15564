"""What stands in a prepared queryset's SQL for the values of a request, until they are filled in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

# An id, a time or a text by itself is in place 0.
Places = dict[Any, tuple[int, int]]
_IDS = UUID("00000000-0000-4000-8000-0b351de00000").int
_MOST_IN_A_LIST = 0x1000


class CannotPrepare(Exception):
    """A queryset can't be compiled once for all requests; the message says why."""


class TooLong(CannotPrepare):
    """A list of more ids than a statement is kept for."""

    def __init__(self, length: int) -> None:
        super().__init__(f"A list of {length} is too long.")


def shape_of(value: object) -> object:
    """Equal for two values that stand in the same SQL; raises `CannotPrepare` for what can stand in none."""
    kind = type(value)
    if kind is UUID or kind is datetime:
        return kind
    if kind is str:
        return kind, bool(value)
    if kind is list:
        return _padded(len(value))  # type: ignore[arg-type]
    if value is None or isinstance(value, bool | Enum):
        return kind, value
    raise CannotPrepare(f"This can't be filled in: {kind.__name__}")


def standing_in_for(value: object, number: int) -> Any:  # noqa: ANN401 -- of the value's own type
    """A placeholder for the argument with this number; the value itself where it is part of the shape."""
    if type(value) is list:
        return [_id(number, place) for place in range(_padded(len(value)))]
    if type(value) is UUID:
        return _id(number, 0)
    if type(value) is datetime:
        return datetime(1970, 1, 1, 0, 0, 0, 1 + number, tzinfo=UTC)
    if type(value) is str and value:
        # Whatever lowers, strips or escapes a text changes this one too: it then stands for nothing, and can't be prepared.
        return f" The_Text% of \\ argument {number} "
    return value


def places_of(stand_ins: Sequence[Any]) -> Places:
    """Of each placeholder as the database stores it: the number of its argument, and its place in a list."""
    return {
        stored(one): (number, place)
        for number, stand_in in enumerate(stand_ins)
        for place, one in enumerate(stand_in if type(stand_in) is list else [stand_in])
        if type(one) in (UUID, datetime, str) and one != ""
    }


def filled(places: Sequence[tuple[int, int]], values: Sequence[Any]) -> list[Any]:
    """The values for a statement's parameters. A list that is too short repeats its last id."""
    ready = [_as_stored(value) for value in values]
    last = [len(one) - 1 for one in ready]
    return [ready[number][min(place, last[number])] for number, place in places]


def _as_stored(value: Any) -> list[Any]:  # noqa: ANN401
    if type(value) is list:
        return [stored(one) for one in value]
    return [stored(value)] if type(value) in (UUID, datetime, str) else []


def stored(value: UUID | datetime | str) -> Any:  # noqa: ANN401 -- of either database
    """A value as this database stores it."""
    if isinstance(value, UUID):
        return value if _has_uuids() else value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value


def literal(value: object) -> str:
    """A constant of a queryset, such as a state, as SQL. Raises `CannotPrepare` for what a request may have said."""
    if isinstance(value, int):
        return str(bool(value)) if isinstance(value, bool) else str(int(value))
    text = str(value) if isinstance(value, str) else "?"
    if text and not (text.isascii() and text.replace(" ", "").isalpha()):
        raise CannotPrepare(f"This is no constant: {value!r}")
    return f"'{text}'"


def _id(number: int, place: int) -> UUID:
    return UUID(int=_IDS + number * _MOST_IN_A_LIST + place)


def _padded(length: int) -> int:
    """The length of a list in SQL: a power of two, so that lists of a few lengths share a statement."""
    if length > _MOST_IN_A_LIST:
        raise TooLong(length)
    return length and 1 << (length - 1).bit_length()


@lru_cache(maxsize=1)
def _has_uuids() -> bool:
    return bool(connection.features.has_native_uuid_field)
