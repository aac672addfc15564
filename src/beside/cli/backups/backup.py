"""One backup: the sealed database, then the keyring (of the same moment or later), then the files.

A dump can be found only once everything that it names is beside it. So whatever cuts a backup off, the
newest dump that is there is whole, and the keyring is never older than it. A file that this place has lost can't be copied:
it is told, and the rest is finished.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from beside.cli.backups.destination import Destination, Place, alone
from beside.cli.backups.dumps import KEPT_FOR, DumpName, Dumps
from beside.cli.backups.files import Copied, Copying
from beside.cli.backups.refusals import writing_to
from beside.cli.backups.rotation import PARTS, Rotation, part_of
from beside.cli.backups.scratch import drop_leftovers
from beside.cli.verification.blobs import all_named
from beside.cli.verification.faults import Fault
from beside.moderation.last_runs import LastBackup
from beside.moderation.runs_of_place import remember
from beside.people.models import Narrowing
from beside.photos.models import KeyEpoch
from beside.photos.vault.exporting import NoKeyring, export, read_export
from beside.photos.vault.keyring import keyring_of
from beside.photos.vault.keyring_file import KeyringFile
from beside.photos.vault.store import store_at


@dataclass(frozen=True, slots=True)
class Done:
    """What one backup did. `faults` are files that this place has lost or that changed, and `again` those of the backup."""

    dump: str
    generation: int
    keys: int
    copied: int
    again: int
    read: int
    put_back: int
    faults: list[Fault]
    is_recorded: bool


def back_up(
    destination: Destination, *, keyring: Place, at: datetime, puts_back: bool, quietly: bool
) -> Done:
    """Back this place up to `destination`, and its keys to `keyring`, after trying every photograph's keys.

    With `puts_back`, a file that was lost here and is whole in the backup is put back. Raises `CannotWrite`,
    `ReadsBackDifferently`, and what `export`, `alone` and `taken` raise, and then the last backup is as it was.
    """
    data = settings.BESIDE.data
    copied = Copied()
    drop_leftovers(data)
    with alone(keyring), destination.taken(data=data):
        dumps = Dumps(destination.dumps, settings.ROOT_KEY, KeyEpoch.objects.get().instance)
        with dumps.writing(at=at, scratch=data) as (name, wrapped):
            keys = {**_live_keys(keyring, at=at), str(name): wrapped}
            file = _export(keyring, keys, at=at)
            source, ring = (
                store_at(settings.BESIDE.store_place, is_patient=True),
                keyring_of(file.instance),
            )
            copying = Copying(source, destination.store, ring, copied, puts_back, quietly)
            _copy(copying, Rotation(destination), at=at)
        dumps.drop(before=at - KEPT_FOR)
        if KeyEpoch.objects.get().generation != file.generation:
            # Something was destroyed meanwhile: it must become unreadable in this backup too.
            file = _export(keyring, keys, at=at)
    return Done(
        is_recorded=_record(data, LastBackup(at, destination.where, len(copied.faults))),
        dump=str(name),
        generation=file.generation,
        keys=len(file.holds),
        copied=copied.new,
        again=copied.again,
        read=copied.read,
        put_back=copied.put_back,
        faults=copied.faults,
    )


def _record(data: Path, backup: LastBackup) -> bool:
    """Record it for the host's page. Where that can't be written, it has been backed up all the same."""
    try:
        remember(data, backup)
    except (OSError, DatabaseError):
        return False
    return True


def _export(keyring: Place, keys: dict[str, bytes], *, at: datetime) -> KeyringFile:
    with writing_to(keyring if isinstance(keyring, Path) else settings.BESIDE.data):
        return export(keyring, at=at, dump_keys=keys, narrowings=narrowings)


def _copy(copying: Copying, rotation: Rotation, *, at: datetime) -> None:
    """Copy what is new, compare all sizes and read a part of all files, so that each is read within four weeks."""
    # Rows first: a photograph that arrives meanwhile has a file without a row, and none is missing.
    named = all_named()
    with writing_to(settings.BESIDE.data):
        here = dict(copying.source.sizes())
    there = dict(copying.target.sizes())
    due = rotation.due(at=at) if there else set(range(PARTS))
    both = here.keys() & there.keys()
    # A store may list late: what rows name is there, or is lost, whether it is listed or not.
    copying.copy(sorted((here.keys() | named) - there.keys()))
    copying.compare(
        sorted(blob for blob in both if here[blob] != there[blob] or part_of(blob) in due)
    )
    copying.tell_lost(sorted((named & there.keys()) - here.keys()))
    rotation.were_read(due, at=at)


def narrowings() -> list[Any]:
    """The whole log of narrowings, as JSON values."""
    rows = Narrowing.objects.order_by("at", "pk").values_list("kind", "subject", "at")
    return [[kind, subject, at.isoformat()] for kind, subject, at in rows]


def _live_keys(keyring: Place, *, at: datetime) -> dict[str, bytes]:
    """The keys of earlier dumps, without those that are past their term."""
    before = at - KEPT_FOR
    with suppress(NoKeyring):
        known = read_export(keyring).dump_keys
        return {name: key for name, key in known.items() if DumpName.parse(name).at >= before}
    return {}
