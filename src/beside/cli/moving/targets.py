"""The database that a place moves to: filled beside, compared row by row, and in force all at once at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

import dj_database_url
from django.db import DatabaseError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from beside.cli.moving.refusals import TargetNotEmpty
from beside.cli.moving.sources import Source, has_tables
from beside.cli.tables.databases import opened, sqlite_address
from beside.cli.tables.layout import layout_of, make
from beside.cli.tables.rows import copy_rows
from beside.cli.tables.sums import sums_of
from beside.photos.vault.durable import sync_folder

ARRIVING = "arriving.sqlite3"


class TableDiffers(Exception):
    """A table doesn't read back as it was."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(
            f"These tables aren't the same in the other database: {', '.join(names)}. The place is where it was."
        )


class Target(Protocol):
    """A database that is moved to."""

    def has_tables(self) -> bool:
        """Whether there is a place, or anything else."""

    def looked_at(self) -> AbstractContextManager[BaseDatabaseWrapper]:
        """What is there."""

    def filled(self, source: BaseDatabaseWrapper) -> AbstractContextManager[BaseDatabaseWrapper]:
        """The rows of `source`, in force once this ends well. Raises `TableDiffers`, `RowRefused` and `RowMissing`."""


class SameDatabase:
    """The place's own: set aside while files and keys change hands, and put back as the one in force."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def has_tables(self) -> bool:
        """Whether it is in its own place."""
        return not self._source.is_aside()

    @contextmanager
    def looked_at(self) -> Iterator[BaseDatabaseWrapper]:
        """What is there."""
        yield connection

    @contextmanager
    def filled(self, source: BaseDatabaseWrapper) -> Iterator[BaseDatabaseWrapper]:
        """Its rows, in force once this ends well."""
        yield source
        self._source.put_back()


class SQLiteTarget:
    """A new file in the data folder."""

    def __init__(self, data: Path) -> None:
        self._path, self._draft = data / "beside.sqlite3", data / ARRIVING

    def has_tables(self) -> bool:
        """Whether there is a place, or anything else."""
        return has_tables(self._path)

    @contextmanager
    def looked_at(self) -> Iterator[BaseDatabaseWrapper]:
        """What is there."""
        with opened(sqlite_address(self._path), alias="target") as target:
            yield target

    @contextmanager
    def filled(self, source: BaseDatabaseWrapper) -> Iterator[BaseDatabaseWrapper]:
        """The rows of `source`, in force once this ends well. What a killed move had begun is begun again."""
        self._clear()
        try:
            with opened(sqlite_address(self._draft), alias="target") as target:
                fill(source, target)
                self._sync()
                # That took long, and to give it its name below writes over whatever has it.
                if self.has_tables():
                    raise TargetNotEmpty
                yield target
            if self.has_tables():
                raise DatabaseError(f"{self._path} has got tables meanwhile")
            self._draft.rename(self._path)
        finally:
            self._clear()
        sync_folder(self._path.parent)

    def _sync(self) -> None:
        descriptor = os.open(self._draft, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _clear(self) -> None:
        for leftover in self._draft.parent.glob(f"{ARRIVING}*"):
            leftover.unlink(missing_ok=True)


class PostgreSQLTarget:
    """An empty database, which is filled in one transaction."""

    def __init__(self, url: str) -> None:
        self._address: dict[str, Any] = dict(dj_database_url.parse(url))

    def has_tables(self) -> bool:
        """Whether there is a place, or anything else."""
        with opened(self._address, alias="target") as target:
            return bool(target.introspection.table_names())

    @contextmanager
    def looked_at(self) -> Iterator[BaseDatabaseWrapper]:
        """What is there."""
        with opened(self._address, alias="target") as target, transaction.atomic(target.alias):
            yield target

    @contextmanager
    def filled(self, source: BaseDatabaseWrapper) -> Iterator[BaseDatabaseWrapper]:
        """The rows of `source`, in force once this ends well, and otherwise not there at all."""
        with opened(self._address, alias="target") as target, transaction.atomic(target.alias):
            fill(source, target)
            yield target


def fill(source: BaseDatabaseWrapper, target: BaseDatabaseWrapper) -> None:
    """Make the tables of `source` in `target`, copy every row, and read all of them back. Raises `TableDiffers`."""
    layout = layout_of(source)
    make(layout, target)
    copy_rows(layout, source, target, only={})
    before, after = sums_of(layout, source), sums_of(layout, target)
    if differing := sorted(name for name in before if before[name] != after[name]):
        raise TableDiffers(differing)


def target_of(to: str, data: Path) -> SQLiteTarget | PostgreSQLTarget:
    """The database named `to`: "sqlite", which lies in the data folder, or an address."""
    return SQLiteTarget(data) if to == "sqlite" else PostgreSQLTarget(to)
