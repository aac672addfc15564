"""What a restore has restored, kept so that it is known to have come to its end, however it was cut off.

On PostgreSQL that is a row, in the transaction that restores, of the moment that the mark in the data folder names: the database
is there for every machine from then on, and the folder must not be emptied any more.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.db import DatabaseError, connection

from beside.cli.backups import snapshots
from beside.cli.backups.closed_after_restore import closed_at
from beside.cli.process.restore_mark import RESTORING
from beside.cli.verification.faults import Fault
from beside.photos import place_records
from beside.photos.place_models import PlaceRecord
from beside.photos.vault.durable import overwrite, sync_folder
from beside.photos.vault.keyring_file import KeyringFile

_NAME = "last restore"


class RestoredAlready(Exception):
    """There is a place that a restore has brought here, and nobody has opened it."""

    def __init__(self) -> None:
        super().__init__(
            "A restore into this place has come to its end already, and another would overwrite it. Nothing has been changed. Start"
            " beside serve: everything is closed until beside open."
        )


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored. `lost` counts photographs whose keys are missing although nobody destroyed them.

    `faults` are files that the backup hasn't got, or that its disk didn't give. `again` counts photographs that wait to be developed again.
    """

    dump: str
    log_until: str
    photographs: int
    lost: int
    newer: int
    faults: list[Fault]
    again: int = 0


def begin(data: Path, *, at: datetime, using: Collection[str]) -> None:
    """Mark `data` as incomplete, by the restore of that moment, and as `using` what it began to write to outside."""
    lines = [at.isoformat(), *([json.dumps(sorted(using))] if using else [])]
    overwrite(data / RESTORING, "\n".join(lines).encode())


def taken(data: Path) -> set[str]:
    """What a restore into `data` that was cut off began to write to outside."""
    with suppress(OSError, ValueError, IndexError):
        return set(json.loads((data / RESTORING).read_text("ascii").splitlines()[1]))
    return set()


def end(data: Path) -> None:
    """The restore into `data` is whole. One that was killed may have left the rows there, in plain."""
    snapshots.drop_leftovers(data)
    (data / RESTORING).unlink()
    sync_folder(data)


def remember(restored: Restored, *, at: datetime) -> None:
    """Keep what the restore of that moment has restored, where the folder's mark doesn't say it all."""
    place_records.write(_NAME, asdict(restored), at=at)


def may_be_whole(data: Path) -> bool:
    """Whether the restore that `data` is marked by is in the database, or that can't be asked: a commit may have arrived all the same."""
    try:
        return _record(data) is not None
    except DatabaseError:
        return True


def cut_off_after(data: Path, file: KeyringFile, *, snapshot: str | None) -> Restored | None:
    """What the same restore has restored, if it was cut off after its rows were committed. Its mark is taken away then."""
    found = _record(data)
    if found is None or found.told["log_until"] != file.made_at.isoformat():
        return None
    if snapshot not in (None, found.told["dump"]):
        return None
    end(data)
    return Restored(**found.told | {"faults": [Fault(**one) for one in found.told["faults"]]})


def refuse_again(data: Path) -> None:
    """Raise `RestoredAlready` if a restore has come to its end here, and the place wasn't opened since."""
    if not (data / RESTORING).exists() and _has_rows() and closed_at(data):
        raise RestoredAlready


def _record(data: Path) -> PlaceRecord | None:
    mark = data / RESTORING
    if not place_records.are_kept() or not mark.exists() or not _has_rows():
        return None
    found = place_records.read(_NAME)
    begun = mark.read_text("ascii").partition("\n")[0]
    return found if found and found.at.isoformat() == begun else None


def _has_rows() -> bool:
    if not place_records.are_kept() and not Path(connection.settings_dict["NAME"]).exists():
        return False
    return PlaceRecord._meta.db_table in connection.introspection.table_names()
