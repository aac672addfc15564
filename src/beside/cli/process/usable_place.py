"""Whether a place may be used where the settings say that it is: it hasn't moved away, and no restore of it was cut off."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import connection

from beside.cli.moving.left import require_not_left
from beside.cli.moving.sources import has_moved_away
from beside.cli.process.restore_mark import RESTORING
from beside.photos.models import KeyEpoch
from beside.photos.vault import new_place
from beside.photos.vault.bucket_places import BucketPlace
from beside.photos.vault.durable import make_folder
from beside.photos.vault.epoch import TWO
from beside.photos.vault.keyring import KeyringWithoutDatabase
from beside.photos.vault.presence import lacks_newest
from beside.photos.vault.slots import slots
from beside.photos.vault.store import store

# In the data folder: the host says that the photographs are lost, and that the place goes on without them.
_PHOTOGRAPHS_LOST = "photographs-lost"


class MovedAway(Exception):
    """The rows that are here were set aside, and must not be served."""

    def __init__(self) -> None:
        super().__init__(
            "This place is set aside by beside move. If it has moved, set what the command said; if the move was cut off,"
            " give the same command again."
        )


class RestoreCutOff(Exception):
    """A restore was interrupted, so this folder is incomplete."""

    def __init__(self) -> None:
        super().__init__(
            "A restore into this data folder was interrupted. Run beside restore again: it begins anew, or does what was left to"
            " do. The backup is unchanged."
        )


class PhotographsElsewhere(Exception):
    """The store that the settings name has none of this place's photographs."""

    def __init__(self, place: BucketPlace | Path, data: Path) -> None:
        where = place.url if isinstance(place, BucketPlace) else str(place)
        super().__init__(
            f"None of the newest photographs of this place is in {where}. Is its disk mounted, and does BESIDE_STORE say the"
            " same on every machine? Nothing has been changed. If they are lost, beside backup DEST --put-back puts them back"
            f" from a backup; to go on without them, say so: touch {data / _PHOTOGRAPHS_LOST}"
        )


def require() -> None:
    """Return only where a place may be used, or made. Raises `MovedAway`, `LeftBehind`, `RestoreCutOff` and `PlaceMissing`."""
    data = settings.BESIDE.data
    if has_moved_away(data):
        raise MovedAway
    if (data / RESTORING).exists():
        raise RestoreCutOff
    new_place.require_place(data, settings.BESIDE.root_key_file, slots())
    if has_database():
        require_not_left(settings.BESIDE)
    _make_spare_folder()


def _make_spare_folder() -> None:
    """Make the data folder of a place that keeps nothing in it: a container may begin without one.

    Whoever needs it and can't have it says so later.
    """
    if settings.BESIDE.is_data_spare and settings.BESIDE.root_key_file.exists():
        with suppress(OSError):
            make_folder(settings.BESIDE.data.resolve())


def require_rows() -> None:
    """Raise `KeyringWithoutDatabase` where a keyring is in use and the PostgreSQL has no tables: before any are made, as a restore needs none."""
    if connection.vendor == "sqlite":
        return
    keyring = slots()
    if KeyEpoch._meta.db_table not in connection.introspection.table_names() and keyring.read(
        TWO[1]
    ):
        raise KeyringWithoutDatabase(keyring.place)


def require_photographs() -> None:
    """Raise `PhotographsElsewhere` where the store isn't the one that the photographs are in.

    A store that doesn't answer stops nothing: words are read meanwhile.
    """
    data = settings.BESIDE.data
    if (data / _PHOTOGRAPHS_LOST).exists():
        return
    with suppress(OSError):
        if lacks_newest(store()):
            raise PhotographsElsewhere(settings.BESIDE.store_place, data)


def has_database() -> bool:
    """Whether there is one to look into: to look into a SQLite file that isn't there would make it."""
    return connection.vendor != "sqlite" or new_place.has_tables(
        Path(connection.settings_dict["NAME"])
    )
