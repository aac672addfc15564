"""Whether a place may be used where the settings say that it is: it hasn't moved away, no restore of it was cut off, and its photographs are there."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from beside.cli.moving.left import require_not_left
from beside.cli.moving.sources import has_moved_away
from beside.cli.process.restore_mark import RESTORING
from beside.photos import place_records
from beside.photos.models import KeyEpoch
from beside.photos.place_models import PlaceRecord
from beside.photos.vault import new_place
from beside.photos.vault.bucket_places import BucketPlace, where
from beside.photos.vault.durable import make_folder
from beside.photos.vault.epoch import TWO
from beside.photos.vault.keyring import KeyringWithoutDatabase
from beside.photos.vault.presence import lacks_photographs
from beside.photos.vault.slots import slots
from beside.photos.vault.store import store

_GIVEN_UP = "photographs given up"


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

    def __init__(self, place: BucketPlace | Path) -> None:
        super().__init__(
            f"None of the photographs of this place that were looked for is in {where(place)}. Is its disk mounted, and does BESIDE_STORE say the"
            " same on every machine? Nothing has been taken in or deleted. If they are lost, beside backup DEST --put-back puts them back"
            " from a backup; to go on without them: beside open --without-photographs"
        )


def require() -> None:
    """Return only where a place may be used, or made.

    Raises `MovedAway`, `LeftBehind`, `RestoreCutOff`, `KeyringWithoutDatabase` and `PlaceMissing`.
    """
    data = settings.BESIDE.data
    if has_moved_away(data):
        raise MovedAway
    if (data / RESTORING).exists():
        raise RestoreCutOff
    has_rows = has_tables()
    if not has_rows:
        _require_no_keyring()
    new_place.require_place(data, settings.BESIDE.root_key_file, has_rows=has_rows)
    if has_rows:
        require_not_left(settings.BESIDE)
    _make_spare_folder()


def _make_spare_folder() -> None:
    """Make the data folder of a place that keeps nothing in it: a container may begin without one.

    Whoever needs it and can't have it says so later.
    """
    if settings.BESIDE.is_data_spare and settings.BESIDE.root_key_file.exists():
        with suppress(OSError):
            make_folder(settings.BESIDE.data.resolve())


def _require_no_keyring() -> None:
    """Raise `KeyringWithoutDatabase` where one is in use: before any tables are made, as a restore needs none."""
    keyring = slots()
    if keyring.read(TWO[1]):
        raise KeyringWithoutDatabase(keyring.place)


def require_photographs() -> None:
    """Raise `PhotographsElsewhere` where the store isn't the one that the photographs are in.

    A store that doesn't answer stops nothing: words are read meanwhile.
    """
    if not has_tables():
        return
    given_up = place_records.read(_GIVEN_UP)
    with suppress(OSError):
        if lacks_photographs(store(), after=given_up.at if given_up else None):
            raise PhotographsElsewhere(settings.BESIDE.store_place)


def give_up_photographs(*, at: datetime) -> None:
    """Go on without those that were put in until `at`, wherever they are: `require_photographs` looks for later ones."""
    PlaceRecord.objects.update_or_create(name=_GIVEN_UP, defaults={"told": {}, "at": at})


def expect_photographs() -> None:
    """Look for all of them from now on: those that were given up are there again."""
    place_records.forget(_GIVEN_UP)


def has_tables() -> bool:
    """Whether the database that the settings name has a place's tables. To look into a SQLite file that isn't there would make it."""
    if connection.vendor == "sqlite" and connection.connection is None:
        return new_place.has_tables(Path(connection.settings_dict["NAME"]))
    return KeyEpoch._meta.db_table in connection.introspection.table_names()
