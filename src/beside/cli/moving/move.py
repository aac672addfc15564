"""Moving a place, so that at each moment one database at most can be served, and a killed move goes on.

    the old database held: nobody else reads or writes
    every row into the new database, each table compared
    the old database set aside          from here on nothing can be served from it
    every photograph's key opened
    the new database in force           from here on it can be served

Killed before the old database is set aside, the place is where it was. Killed after, the same command goes on from what was set
aside. An error puts everything back. Files and keyring stay where they are: what is destroyed later is noise in the old rows too,
as the epoch key that opens them is replaced.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from beside.cli.moving import keys
from beside.cli.moving.progress import Progress
from beside.cli.moving.sources import Source, leave, source_of
from beside.cli.moving.targets import Target, target_of
from beside.cli.process import existing_place
from beside.cli.process.setup import later_migrations


class TargetNotEmpty(Exception):
    """The other database has tables already."""

    def __init__(self) -> None:
        super().__init__(
            "The database to move to has tables already, and a move writes over nothing. Name an empty one."
        )


class MovedAlready(Exception):
    """The old database was set aside, and not by this move."""

    def __init__(self) -> None:
        super().__init__(
            "This place has moved to another database, and what it left behind isn't moved a second time: it doesn't"
            " know what was narrowed since. Set BESIDE_DATABASE_URL to where it is now."
        )


class NotThisVersions(Exception):
    """The tables are another version's."""

    def __init__(self) -> None:
        super().__init__(
            "The database was last used by another version. Start beside serve with this one first."
        )


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did. `leftover` is what it has set aside."""

    keys: int
    leftover: str


class Move:
    """A move of the place in the data folder `data` into the database `to`: an address, or "sqlite"."""

    def __init__(self, data: Path, *, to: str) -> None:
        self._source: Source = source_of(data)
        self._target: Target = target_of(to, data)
        self._progress = Progress(data, to)

    def run(self) -> Moved:
        """Move, or go on with a move that was cut off. Raises this package's exceptions, and what a keyring raises."""
        is_aside = self._source.is_aside()
        if is_aside and not self._progress.is_switching():
            raise MovedAlready
        if self._target.has_tables():
            if not is_aside:
                raise TargetNotEmpty
            with self._target.looked_at() as arrived:
                return self._finish(keys.require_all_open(arrived.alias))
        if not is_aside:
            self._require_movable()
        return self._switch()

    def _require_movable(self) -> None:
        """Look before anything is copied."""
        existing_place.require()
        executor = MigrationExecutor(connection)
        if later_migrations(executor) or executor.migration_plan(
            executor.loader.graph.leaf_nodes()
        ):
            raise NotThisVersions
        leave(connection)
        self._source.require_no_leftover()
        self._source.require_unused()

    def _switch(self) -> Moved:
        with self._source.held() as held, self._target.filled(held) as arriving:
            self._progress.switch()
            opened = self._hand_over(to=arriving.alias)
        return self._finish(opened)

    def _hand_over(self, *, to: str) -> int:
        """Set the old database aside, if the keyring opens what has arrived; or put it back."""
        try:
            self._source.set_aside()
            return keys.require_all_open(to)
        except BaseException:
            self._source.put_back()
            raise

    def _finish(self, opened: int) -> Moved:
        self._progress.forget()
        return Moved(opened, self._source.leftover())
