"""The rows of wrapped keys, read and replaced by the thousand. Ids are 32 hexadecimal digits, as SQLite has them.

Django makes an object of each id, the driver a value of each key, and either database needs longer for a statement for each
row than for one. Together that took several times as long as the cryptography.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, connection

Hold = tuple[int, str, int, bytes]
_FUNCTION = "beside_wrapped_key"


class KeysLeftOver(Exception):
    """There are other rows than those whose keys were made: one would be lost with the key above it."""

    def __init__(self) -> None:
        super().__init__("Keys changed while they were replaced, so nothing was replaced.")


def authors() -> dict[str, bytes]:
    """Every author's wrapped key by their id. The rows are locked until the transaction ends."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT account_id, wrapped FROM photos_authorkey")
        else:
            cursor.execute(
                "SELECT encode(uuid_send(account_id), 'hex'), wrapped FROM photos_authorkey FOR UPDATE"
            )
        return dict(cursor)


def replace_authors(keys: Mapping[str, bytes]) -> None:
    """Store every author's wrapped key by their id. Raises `KeysLeftOver`."""
    if connection.vendor == "sqlite":
        statement = f"UPDATE photos_authorkey SET wrapped = {_FUNCTION}(account_id)"  # noqa: S608
        _update_by_function(statement, [], keys)
        return
    _update(
        "UPDATE photos_authorkey AS it SET wrapped = new.wrapped FROM photos_authorkey AS every"
        " LEFT JOIN unnest(%s::uuid[], %s::bytea[]) AS new (account, wrapped) ON every.account_id = new.account"
        " WHERE it.account_id = every.account_id",
        [_array(keys), _array_of_bytes(keys)],
        expected=len(keys),
    )


def holds_of(account: str) -> list[Hold]:
    """Each hold of an author: its key in the table, its photograph's id, its kind, and its wrapped key."""
    photo = "photo_id" if connection.vendor == "sqlite" else "encode(uuid_send(photo_id), 'hex')"
    with connection.cursor() as cursor:
        statement = f"SELECT id, {photo}, kind, wrapped FROM photos_hold WHERE account_id = %s"  # noqa: S608
        cursor.execute(statement, [account])
        found: list[Hold] = cursor.fetchall()
        return found


def replace_holds(account: str, keys: Mapping[int, bytes]) -> None:
    """Store the wrapped keys of all of an author's holds, by their keys in the table. Raises `KeysLeftOver`."""
    if connection.vendor == "sqlite":
        statement = f"UPDATE photos_hold SET wrapped = {_FUNCTION}(id) WHERE account_id = %s"  # noqa: S608
        _update_by_function(statement, [account], keys)
        return
    _update(
        "UPDATE photos_hold AS it SET wrapped = new.wrapped FROM photos_hold AS every"
        " LEFT JOIN unnest(%s::bigint[], %s::bytea[]) AS new (hold, wrapped) ON every.id = new.hold"
        " WHERE it.id = every.id AND every.account_id = %s",
        [_array(keys), _array_of_bytes(keys), account],
        expected=len(keys),
    )


def _update(statement: str, values: list[str], *, expected: int) -> None:
    """A row without a new key is given none, which its column refuses."""
    with connection.cursor() as cursor:
        try:
            cursor.execute(statement, values)
        except IntegrityError:
            raise KeysLeftOver from None
        if cursor.rowcount != expected:
            raise KeysLeftOver


def _update_by_function(statement: str, values: list[str], keys: Mapping[Any, bytes]) -> None:
    """On SQLite, which takes no arrays, have one statement look up each row's key in `keys`."""
    connection.connection.create_function(_FUNCTION, 1, keys.get)
    try:
        _update(statement, values, expected=len(keys))
    finally:
        connection.connection.create_function(_FUNCTION, 1, None)


def _array(ids: Iterable[object]) -> str:
    return f"{{{','.join(map(str, ids))}}}"


def _array_of_bytes(keys: Mapping[Any, bytes]) -> str:
    """As PostgreSQL writes it. The driver needs eight times as long for a list of them."""
    return _array(rf'"\\x{key.hex()}"' for key in keys.values())
