"""Whether there is a place for a command to work on, and whether it may be used."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import connection

from beside.cli.moving.left import require_not_left
from beside.cli.moving.sources import has_moved_away
from beside.photos.vault import new_place
from beside.photos.vault.slots import slots

RESTORING = "restoring"


class NoPlace(Exception):
    """There is no database in the data folder."""

    def __init__(self, data: Path) -> None:
        super().__init__(f"There is no place in {data} yet. beside serve makes one.")


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
            "A restore into this data folder was interrupted. Run beside restore again: it empties the folder first, and the"
            " backup is unchanged."
        )


def require() -> None:
    """Return only where a place was made, and may be used. Raises `NoPlace`, and as `require_usable`."""
    require_usable()
    if not _has_database():
        raise NoPlace(settings.BESIDE.data)


def require_usable() -> None:
    """Return only where a place may be used, or made. Raises `MovedAway`, `LeftBehind`, `RestoreCutOff` and `PlaceMissing`."""
    data = settings.BESIDE.data
    if has_moved_away(data):
        raise MovedAway
    if (data / RESTORING).exists():
        raise RestoreCutOff
    new_place.require_place(data, settings.BESIDE.root_key_file, slots())
    if _has_database():
        require_not_left(settings.BESIDE)


def _has_database() -> bool:
    """Looking into a SQLite file that isn't there would make one."""
    return connection.vendor != "sqlite" or Path(connection.settings_dict["NAME"]).exists()
