"""Moving a place, so that at each moment one at most can be served, and a killed move goes on.

    files, while the place may be served, each read back
    the old database held: nobody else reads or writes
    what has come since; every row into the new database, each table compared
    the old database set aside          from here on nothing can be served
    the epoch key into the new keyring, and every photograph's key opened by it
    the new database in force           from here on it can be served
    noise over the old keyring

Where only files or keys move, the database that was set aside comes back as the one in force, and says what was left. Killed
before it is set aside, the place is where it was. Killed after, the same command goes on. An error puts everything back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor

from beside.cli.backups.places import require_nothing_kept
from beside.cli.moving import epoch_keys, files, left, refusals
from beside.cli.moving.alone import alone
from beside.cli.moving.files import Carried, Stores
from beside.cli.moving.progress import Progress
from beside.cli.moving.refusals import (
    MovedAlready,
    MovedMeanwhile,
    NotThisVersions,
    TargetNotEmpty,
)
from beside.cli.moving.sources import Source, leave, source_of
from beside.cli.moving.targets import SameDatabase, Target, target_of
from beside.cli.process import existing_place
from beside.cli.process.one_machine import one_machine
from beside.cli.process.setup import later_migrations
from beside.config.env import Env
from beside.photos.models import KeyEpoch
from beside.photos.vault.bucket_places import BucketPlace, identity_of
from beside.photos.vault.slots import slots_at
from beside.photos.vault.store import store_at
from beside.posts import replaying as posts


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did. `lost` files were missing already, and `leftover` is what it has set aside, if anything."""

    files: int
    lost: int
    keys: int
    leftover: str


def are_elsewhere(here: BucketPlace | Path, there: BucketPlace | Path) -> bool:
    """Whether what is `here` would have to move to be `there`: one place may be spelled in several ways."""
    return identity_of(here) != identity_of(there)


class Move:
    """A move from `here` to `there`, which differ in store, keyring or both; or into the database `to`, or all three."""

    def __init__(self, here: Env, there: Env, *, to: str, without_lost: bool) -> None:
        self._here, self._there = here, there
        self._source: Source = source_of(here.data)
        self._keeps_rows = not to
        self._target: Target = target_of(to, here.data) if to else SameDatabase(self._source)
        self._moves_files = are_elsewhere(here.store_place, there.store_place)
        self._moves_keys = are_elsewhere(here.keyring_place, there.keyring_place)
        self._stores = Stores(
            *(store_at(env.store_place, is_patient=True) for env in (here, there))
        )
        self._slots = (slots_at(here.keyring_place), slots_at(there.keyring_place))
        self._progress = Progress(
            here.data,
            self._source,
            database=to,
            store=left.store_name(there),
            keyring=left.keyring_name(there),
        )
        self._without_lost = without_lost
        self._was_aside = False

    def run(self, *, at: datetime, quietly: bool) -> Moved:
        """Move, or go on with a move that was cut off. Raises this package's exceptions, and what stores and keyrings raise."""
        with alone(self._here.data):
            return self._run(at=at, quietly=quietly)

    def _run(self, *, at: datetime, quietly: bool) -> Moved:
        is_aside = self._was_aside = self._source.is_aside()
        if is_aside and not self._progress.is_switching():
            raise MovedAlready
        if self._is_in_force(is_aside=is_aside):
            with self._target.looked_at() as arrived:
                return self._finish(Carried(0, frozenset()), keys=self._open_all(arrived.alias))
        copied = 0 if is_aside else self._get_ready(at=at, quietly=quietly)
        return self._switch(copied, at=at)

    def _is_in_force(self, *, is_aside: bool) -> bool:
        """Whether only the end of a move is missing. Raises `TargetNotEmpty`."""
        if self._keeps_rows:
            return not is_aside and self._progress.is_handed_over()
        if self._target.has_tables() and not is_aside:
            raise TargetNotEmpty
        return self._target.has_tables()

    def _get_ready(self, *, at: datetime, quietly: bool) -> int:
        """Look first, then do all that can be done while the place is served. Returns how many files were copied."""
        self._require_movable()
        copied = 0
        if self._moves_files:
            copied = files.carry_all(self._stores, self._progress, quietly=quietly)
        leave(connection)
        self._source.require_unused()
        if self._moves_files and not (self._here.store and self._there.store):
            # In a folder what is arriving is a file, in a bucket it is pieces; the phones still have it.
            posts.drop_arriving(at=at)
            leave(connection)
        return copied

    def _require_movable(self) -> None:
        """Look before anything is copied."""
        if not self._progress.is_switching():
            existing_place.require()
        executor = MigrationExecutor(connection)
        if later_migrations(executor) or executor.migration_plan(
            executor.loader.graph.leaf_nodes()
        ):
            raise NotThisVersions
        if self._moves_keys:
            if isinstance(self._there.keyring_place, BucketPlace):
                require_nothing_kept(self._there.keyring_place)
            epoch_keys.require_free(self._slots[1], KeyEpoch.objects.get())
        if self._moves_files:
            self._require_none_lost(files.lost_already(self._stores, alias=connection.alias))
        leave(connection)
        self._source.require_no_leftover()

    def _switch(self, copied: int, *, at: datetime) -> Moved:
        # A machine that starts meanwhile waits, and finds then that it may not: it would make empty tables here.
        with one_machine(), self._source.held() as held:
            self._require_as_found(held.alias)
            rest = self._carry_rest(held.alias)
            try:
                with self._target.filled(held) as arriving:
                    epoch = self._found_key(arriving.alias)
                    self._progress.switch()
                    keys = self._hand_over(epoch, at=at, alias=arriving.alias)
            except (DatabaseError, OSError) as wrong:
                if self._progress.is_handed_over():
                    raise refusals.NotInForceYet(wrong) from wrong
                raise
        return self._finish(Carried(copied + rest.copied, rest.lost), keys=keys)

    def _require_as_found(self, alias: str) -> None:
        """Look again once the old database is held: files were copied for hours, and the rows may have gone elsewhere meanwhile.

        Raises `MovedMeanwhile`, `LeftBehind` and `TargetNotEmpty`.
        """
        if self._source.is_aside() != self._was_aside:
            raise MovedMeanwhile
        if not self._keeps_rows and self._target.has_tables():
            raise TargetNotEmpty
        if not self._progress.is_switching():
            left.require_not_left(self._here, alias=alias)

    def _carry_rest(self, alias: str) -> Carried:
        if not self._moves_files:
            return Carried(0, frozenset())
        rest = files.carry_rest(self._stores, alias=alias)
        self._require_none_lost(rest.lost)
        return rest

    def _found_key(self, alias: str) -> KeyEpoch:
        """Look at both keyrings again, before anything is set aside. Raises as reading them does, and `KeyringThere`."""
        epoch = KeyEpoch.objects.using(alias).get()
        if self._moves_keys and not self._was_aside:
            epoch_keys.require_opens(self._slots[0], epoch)
            epoch_keys.require_free(self._slots[1], epoch)
        return epoch

    def _hand_over(self, epoch: KeyEpoch, *, at: datetime, alias: str) -> int:
        """Set the old database aside, and let the one in `alias` have the epoch key; or put all of it back."""
        try:
            self._leave(self._here, for_=self._there, at=at, alias=alias)
            self._source.set_aside()
            self._commit_own_rows(alias)
            if self._moves_keys:
                epoch_keys.write(*self._slots, epoch)
            opened = self._open_all(alias)
            self._progress.hand_over()
        except BaseException:
            self._undo(epoch, at=at, alias=alias)
            raise
        return opened

    def _undo(self, epoch: KeyEpoch, *, at: datetime, alias: str) -> None:
        """Put the old database back, but never while a copy of its key is elsewhere. Raises as `epoch_keys.take_back`."""
        if self._moves_keys:
            epoch_keys.take_back(*self._slots, epoch)
        # SQLite writes to a file only by the name by which it was opened.
        if self._was_aside:
            if not connections[alias].get_autocommit():
                connections[alias].rollback()
            self._come_back(at=at, alias=alias)
            self._source.put_back()
        else:
            self._source.put_back()
            self._come_back(at=at, alias=alias)
        self._progress.forget()

    def _come_back(self, *, at: datetime, alias: str) -> None:
        """Have the place's own rows say again that it is where it was."""
        if self._keeps_rows:
            self._leave(self._there, for_=self._here, at=at, alias=alias)
            self._commit_own_rows(alias)

    def _commit_own_rows(self, alias: str) -> None:
        """Those of another database are committed once all is well there."""
        if self._keeps_rows and not connections[alias].get_autocommit():
            connections[alias].commit()

    def _leave(self, one: Env, *, for_: Env, at: datetime, alias: str) -> None:
        """Have the rows say that the place's files and keys aren't at `one`, and are at `for_`."""
        before = left.places_left(alias)
        after = set(before)
        if self._moves_files:
            after = after - {left.store_name(for_)} | {left.store_name(one)}
        if self._moves_keys:
            after = after - {left.keyring_name(for_)} | {left.keyring_name(one)}
        if after != before:
            left.leave_places(after, at=at, alias=alias)

    def _open_all(self, alias: str) -> int:
        return epoch_keys.require_all_open(self._slots[1], alias=alias)

    def _finish(self, carried: Carried, *, keys: int) -> Moved:
        if self._moves_keys:
            try:
                epoch_keys.end(self._slots[0])
            except OSError:
                raise refusals.OldKeyStays(self._slots[0].place) from None
        self._progress.forget()
        leftover = "" if self._keeps_rows else self._source.leftover()
        return Moved(carried.copied, len(carried.lost), keys, leftover)

    def _require_none_lost(self, lost: frozenset[UUID]) -> None:
        if lost and not self._without_lost:
            raise files.FilesLost(lost)
