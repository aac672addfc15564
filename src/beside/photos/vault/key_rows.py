"""The rows of wrapped keys, read and replaced by the thousand. Each has a name of hexadecimal digits: its ids, as bytes.

Django makes an object of each id, the driver a value of each key, and either database needs longer for a statement for each
row than for one. Together that took several times as long as the cryptography.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import IntegrityError, connection

_FUNCTION = "beside_wrapped_key"


class KeysLeftOver(Exception):
    """There are other rows than those whose keys were made: one would be lost with the key above it."""

    def __init__(self) -> None:
        super().__init__("Keys changed while they were replaced, so nothing was replaced.")


@dataclass(frozen=True)
class _Rows:
    """Some rows of a table with a column `wrapped`, and SQL for their names on either database."""

    table: str
    key: str
    on_sqlite: str
    on_postgresql: str
    some: str = "TRUE"
    values: tuple[str, ...] = ()

    def read(self, *, lock: bool) -> dict[str, bytes]:
        is_sqlite = connection.vendor == "sqlite"
        name = self.on_sqlite if is_sqlite else self.on_postgresql
        locked = " FOR UPDATE" if lock and not is_sqlite else ""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {name}, wrapped FROM {self.table} WHERE {self.some}{locked}",  # noqa: S608
                self.values,
            )
            return dict(cursor.fetchall())

    def replace(self, keys: Mapping[str, bytes]) -> None:
        """A row without a new key is given none, which its column refuses."""
        try:
            (self._on_sqlite if connection.vendor == "sqlite" else self._on_postgresql)(keys)
        except IntegrityError:
            raise KeysLeftOver from None

    def _on_sqlite(self, keys: Mapping[str, bytes]) -> None:
        """It takes no arrays, so it asks a function of ours for each key."""
        connection.connection.create_function(_FUNCTION, 1, keys.get)
        try:
            self._update(
                f"UPDATE {self.table} SET wrapped = {_FUNCTION}({self.on_sqlite}) WHERE {self.some}",  # noqa: S608
                [],
                expected=len(keys),
            )
        finally:
            connection.connection.create_function(_FUNCTION, 1, None)

    def _on_postgresql(self, keys: Mapping[str, bytes]) -> None:
        every = (
            f"SELECT {self.key}, {self.on_postgresql} AS name FROM {self.table} WHERE {self.some}"  # noqa: S608
        )
        self._update(
            f"WITH new AS (SELECT * FROM unnest(%s::text[], %s::bytea[]) AS new (name, wrapped)), every AS ({every})"  # noqa: S608
            f" UPDATE {self.table} AS it SET wrapped = new.wrapped FROM every LEFT JOIN new ON every.name = new.name"
            f" WHERE it.{self.key} = every.{self.key}",
            [_array(keys), _array(rf'"\\x{key.hex()}"' for key in keys.values())],
            expected=len(keys),
        )

    def _update(self, statement: str, arrays: list[str], *, expected: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, [*arrays, *self.values])
            if cursor.rowcount != expected:
                raise KeysLeftOver


_AUTHORS = _Rows(
    "photos_authorkey", "account_id", "account_id", "encode(uuid_send(account_id), 'hex')"
)


def authors() -> dict[str, bytes]:
    """Every author's wrapped key by their id. The rows are locked until the transaction ends."""
    return _AUTHORS.read(lock=True)


def replace_authors(keys: Mapping[str, bytes]) -> None:
    """Store every author's wrapped key by their id. Raises `KeysLeftOver`."""
    _AUTHORS.replace(keys)


def holds_of(account: str) -> dict[str, bytes]:
    """The wrapped keys of an author's holds, each by its photograph's id and its kind, of two digits."""
    return _holds_of(account).read(lock=False)


def replace_holds(account: str, keys: Mapping[str, bytes]) -> None:
    """Store the wrapped keys of all of an author's holds, as `holds_of` gives them. Raises `KeysLeftOver`."""
    _holds_of(account).replace(keys)


def _holds_of(account: str) -> _Rows:
    return _Rows(
        "photos_hold",
        "id",
        "photo_id || printf('%%02x', kind)",
        "encode(uuid_send(photo_id), 'hex') || lpad(to_hex(kind::int), 2, '0')",
        "account_id = %s",
        (account,),
    )


def _array(values: Iterable[str]) -> str:
    """As PostgreSQL writes it: the driver needs eight times as long for a list."""
    return f"{{{','.join(values)}}}"
