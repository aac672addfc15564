"""Whether there is a place for a command to work on."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import connection

from beside.cli.process.setup import RESTORING, RestoreCutOff
from beside.photos.vault import new_place
from beside.photos.vault.slots import slots


class NoPlace(Exception):
    """There is no database in the data folder."""

    def __init__(self, data: Path) -> None:
        super().__init__(f"There is no place in {data} yet. beside serve makes one.")


def require() -> None:
    """Return only where a place was made. Raises `NoPlace`, `PlaceMissing`, `RestoreCutOff`."""
    data = settings.BESIDE.data
    if (data / RESTORING).exists():
        raise RestoreCutOff
    new_place.require_place(data, settings.BESIDE.root_key_file, slots())
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        raise NoPlace(data)
