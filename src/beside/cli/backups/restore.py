"""Restoring a place from a backup into an empty data folder, without widening anything.

The database may be of any dump that still opens; the keys are always those of the newest keyring, and
whatever was narrowed between the two is narrowed again. Then everything is closed to all but its authors.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from beside.access import replaying as access
from beside.archive import replaying as archive
from beside.cli.backups import restored
from beside.cli.backups.closed_after_restore import remember_closing
from beside.cli.backups.destination import Destination, Place
from beside.cli.backups.dumps import DumpName, Dumps
from beside.cli.backups.files import copy_all
from beside.cli.backups.files_left_out import missing_from, told
from beside.cli.backups.refusals import writing_to
from beside.cli.backups.restored import Restored
from beside.cli.backups.snapshots import read_in, scratch_file, take_out
from beside.cli.backups.taking_over import How, Using
from beside.cli.moving.left import NAME as LEFT
from beside.cli.process.locks import locked_folder
from beside.cli.process.one_machine import one_machine
from beside.cli.process.restore_mark import RESTORING
from beside.cli.process.setup import make_folders, prepare_tables
from beside.cli.process.usable_place import expect_photographs
from beside.cli.verification.faults import Fault
from beside.family import replaying as family
from beside.finding import replaying as finding
from beside.people import replaying as people
from beside.people.models import Narrowing
from beside.photos import place_records
from beside.photos import replaying as photos
from beside.photos.models import KeyEpoch, Photo
from beside.photos.vault.durable import sync_folder
from beside.photos.vault.exporting import put_back, read_export
from beside.photos.vault.keyring_file import KeyringFile
from beside.photos.vault.store import store_at
from beside.posts import indexed_texts
from beside.posts import replaying as posts
from beside.responses import replaying as responses
from beside.thanks import replaying as thanks

Chosen = tuple[DumpName, bytes]
_LEFT = Narrowing.Kind.ACCOUNT_CLOSED


class NotEmpty(Exception):
    """The data folder isn't empty, and a restore never overwrites anything."""

    def __init__(self, data: Path) -> None:
        super().__init__(
            f"{data} isn't empty, and a restore overwrites nothing. Choose another folder with BESIDE_DATA."
        )


class TablesThere(Exception):
    """The database isn't empty, and a restore never overwrites anything."""

    def __init__(self) -> None:
        super().__init__(
            "The database that BESIDE_DATABASE_URL names has tables already, and a restore overwrites nothing."
            " Make an empty one, and name it there."
        )


def restore(
    source: Destination,
    *,
    keyring: Place,
    snapshot: str | None,
    at: datetime,
    how: How = How.PLAINLY,
    quietly: bool,
) -> Restored:
    """Restore everything from `source`.

    Raises `NotEmpty`, `TablesThere`, `RestoredAlready`, `NoDump`, `CannotWrite`, and what reading a keyring and `Using.require_unused` raise.

    With `How.WITH_LINKS` files aren't copied: for a place that is thrown away, links to those of the backup are made, or its store is
    the backup's bucket. If it fails, the folder is as empty as before, and so is a database that isn't SQLite. Cut off, or failed once it has written outside the
    folder, it leaves one that the server refuses to start on, and that the next restore empties; or, once its rows are committed, ends.
    """
    file = read_export(keyring)
    done = restored.cut_off_after(settings.BESIDE.data, file, snapshot=snapshot)
    if done is None:
        using = Using(settings.BESIDE, file, how)
        done = _restore(source, file, using, snapshot=snapshot, at=at, quietly=quietly)
    _index()
    return done


def _restore(
    source: Destination,
    file: KeyringFile,
    using: Using,
    *,
    snapshot: str | None,
    at: datetime,
    quietly: bool,
) -> Restored:
    data = settings.BESIDE.data
    with (
        _restoring(data, source, using, at=at),
        _opened_dump(source, file, snapshot=snapshot, data=data) as (name, plain),
    ):
        if using.how == How.WITH_LINKS:
            source.lend_to(data)
        restored.begin(data, at=at, using=using.names)
        store = store_at(settings.BESIDE.store_place, is_patient=True)
        faults = copy_all(source.store, store, quietly=quietly)
        with _database_of(plain):
            newer = _apply(file, using, at=at)
            missing = missing_from(store)
            again = photos.develop_again(missing)
            if using.how != How.WITH_LINKS:
                # A trial opens every file next, and tells of each by itself.
                faults += told(missing, but={fault.about for fault in faults})
            done = _counted(name, file, newer=newer, again=again, faults=faults)
            remember_closing(data, at=at)
            restored.remember(done, at=at)
    return done


def _counted(
    name: DumpName, file: KeyringFile, *, newer: int, again: int, faults: list[Fault]
) -> Restored:
    return Restored(
        dump=str(name),
        log_until=file.made_at.isoformat(),
        photographs=Photo.objects.count(),
        lost=Photo.objects.filter(holds=None).exclude(state=Photo.State.REFUSED).count(),
        newer=newer,
        again=again,
        faults=faults,
    )


def _index() -> None:
    """Index what can be searched. Where that fails or is cut off, the place is whole all the same, and a worker goes on."""
    with suppress(DatabaseError, OSError):
        while indexed_texts.catch_up():
            pass


@contextmanager
def _restoring(data: Path, source: Destination, using: Using, *, at: datetime) -> Iterator[None]:
    """Mark `data` as incomplete until this ends, and empty it again if it fails. Raises as `restore` does.

    The mark stays where something was written outside: by it the next restore knows that it may go on with that.
    """
    with writing_to(data):
        _require_empty(data)
        using.require_unused(source.store)
        make_folders(data)
        with locked_folder(data, busy=NotEmpty(data)):
            # Another may have restored into it meanwhile, and ended.
            _require_empty(data)
            _empty(data, keeps_mark=True)
            restored.begin(data, at=at, using=restored.taken(data))
            try:
                yield
            except BaseException:
                connection.close()
                if not restored.may_be_whole(data):
                    _empty(data, keeps_mark=bool(restored.taken(data)))
                raise
            restored.end(data)


def _empty(data: Path, *, keeps_mark: bool) -> None:
    """Remove what a restore has made. The mark goes last, so that cut off it is still there."""
    for path in _within(data):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != RESTORING:
            path.unlink()
    if not keeps_mark:
        (data / RESTORING).unlink(missing_ok=True)


def _within(data: Path) -> list[Path]:
    """All that is in it, but for what a new disk's file system makes for itself."""
    return [path for path in data.iterdir() if path.name != "lost+found"]


def _require_empty(data: Path) -> None:
    """Raise one of those if there is any data that no restore has left half-done; the root key lies elsewhere."""
    restored.refuse_again(data)
    was_cut_off = (data / RESTORING).exists()
    if not was_cut_off and data.exists() and _within(data):
        raise NotEmpty(data)
    _require_no_tables()


def _require_no_tables() -> None:
    if connection.vendor != "sqlite" and connection.introspection.table_names():
        raise TablesThere


@contextmanager
def _opened_dump(
    source: Destination, file: KeyringFile, *, snapshot: str | None, data: Path
) -> Iterator[tuple[DumpName, Path]]:
    """The newest dump that opens, or the one named `snapshot`, as a plain file. Raises `NoDump`.

    On SQLite that is the place's own database from now on; elsewhere it is deleted when this ends.
    """
    with scratch_file(data) as scratch:
        is_sqlite = connection.vendor == "sqlite"
        plain = Path(connection.settings_dict["NAME"]) if is_sqlite else scratch
        dumps = Dumps(source.dumps, settings.ROOT_KEY, file.instance)
        yield dumps.open_newest(file.dump_keys, plain, snapshot=snapshot).name, plain


@contextmanager
def _database_of(plain: Path) -> Iterator[None]:
    """The place's database as the dump has it. Elsewhere than on SQLite, all that is done inside is one transaction."""
    if connection.vendor == "sqlite":
        take_out(plain)
        sync_folder(plain.parent)
        yield
    else:
        # A machine that starts meanwhile waits, and then finds the restored rows.
        with one_machine(), transaction.atomic(durable=True):
            _require_no_tables()
            read_in(plain)
            yield


def _apply(file: KeyringFile, using: Using, *, at: datetime) -> int:
    """Migrate the tables, put back the newest keyring, and repeat every narrowing made since the dump."""
    prepare_tables()
    # Wherever the place of the backup had moved from, this one is where it is restored to.
    place_records.forget(LEFT)
    expect_photographs()
    since = KeyEpoch.objects.values_list("generation", flat=True).get()
    left_out = put_back(file, require_unused=using.require_unused_keyring).left_out
    with transaction.atomic():
        _replay(file)
        posts.follow_the_keys(since=since, at=at)
        people.forget_ways_in(at=at)
        posts.close_all(at=at)
        family.close_all(at=at)
    return left_out


def _replay(file: KeyringFile) -> None:
    """Repeat the narrowings that are in the keyring's log and not yet in the dump's own."""
    known = {
        (kind, tuple(sorted(subject.items())), moment)
        for kind, subject, moment in Narrowing.objects.values_list("kind", "subject", "at")
    }
    again: tuple[Callable[..., None], ...] = (
        people.replay,
        photos.replay,
        posts.replay,
        access.replay,
        finding.replay,
        family.replay,
        responses.replay,
        thanks.replay,
        archive.replay,
    )
    for kind, subject, moment in file.narrowings:
        happened = datetime.fromisoformat(moment)
        if (kind, tuple(sorted(subject.items())), happened) in known:
            continue
        for act in again:
            # At its own time, so that `beside open`, which opens what the restore closed, leaves it closed.
            act(kind, subject, at=happened)
        Narrowing.objects.get_or_create(kind=kind, subject=subject, at=happened)
    left = [UUID(subject["account"]) for kind, subject, _ in file.narrowings if kind == _LEFT]
    archive.reopen_returned(left)
