"""One backup: the sealed database, then the keyring (of the same moment or later), then the files.

A dump can be found only once everything that it names is beside it. So whatever cuts a backup off, the
newest dump that is there is whole, and the keyring is never older than it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from beside.cli.backups.destination import alone, taken
from beside.cli.backups.dumps import KEPT_FOR, DumpName, Dumps
from beside.cli.backups.files import copy, missing
from beside.moderation.last_runs import LastBackup
from beside.moderation.runs_of_place import remember
from beside.people.models import Narrowing
from beside.photos.models import KeyEpoch
from beside.photos.vault.exporting import NoKeyring, export, read_export
from beside.photos.vault.folder_store import FolderStore
from beside.photos.vault.store import store


@dataclass(frozen=True, slots=True)
class Done:
    """What one backup did."""

    dump: str
    generation: int
    keys: int
    copied: int


def back_up(destination: Path, *, keyring: Path, at: datetime, quietly: bool) -> Done:
    """Back this place up to `destination`, and its keys to `keyring`, after trying every photograph's keys.

    Raises what `export`, `alone` and `taken` raise, and then the last backup is as it was.
    """
    data = settings.BESIDE.data
    with alone(keyring), taken(destination, data=data):
        dumps = Dumps(destination / "dumps", settings.ROOT_KEY, KeyEpoch.objects.get().instance)
        with dumps.writing(at=at, scratch=data) as (name, wrapped):
            keys = {**_live_keys(keyring, at=at), str(name): wrapped}
            file = export(keyring, at=at, dump_keys=keys, narrowings=narrowings())
            source, target = store(), FolderStore(destination)
            new = missing(source, target)
            gone = copy(new, source, target, quietly=quietly)
        dumps.drop(before=at - KEPT_FOR)
        if KeyEpoch.objects.get().generation != file.generation:
            # Something was destroyed meanwhile: it must become unreadable in this backup too.
            file = export(keyring, at=at, dump_keys=keys, narrowings=narrowings())
    remember(data, LastBackup(at, str(destination)))
    return Done(str(name), file.generation, len(file.holds), len(new) - gone)


def narrowings() -> list[Any]:
    """The whole log of narrowings, as JSON values."""
    rows = Narrowing.objects.order_by("at", "pk").values_list("kind", "subject", "at")
    return [[kind, subject, at.isoformat()] for kind, subject, at in rows]


def _live_keys(keyring: Path, *, at: datetime) -> dict[str, bytes]:
    """The keys of earlier dumps, without those that are past their term."""
    before = at - KEPT_FOR
    with suppress(NoKeyring):
        known = read_export(keyring).dump_keys
        return {name: key for name, key in known.items() if DumpName.parse(name).at >= before}
    return {}
