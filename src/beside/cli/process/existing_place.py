"""Whether there is a place for a command to work on."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from beside.cli.process.setup import RESTORING, RestoreCutOff, refuse_newer, require_here
from beside.photos.vault import new_place
from beside.photos.vault.slots import slots


class NoPlace(Exception):
    """There is no database in the data folder."""

    def __init__(self, data: Path) -> None:
        super().__init__(f"There is no place in {data} yet. beside serve makes one.")


class OlderTables(Exception):
    """The tables are an older version's, or not all of them were brought up to date."""

    def __init__(self) -> None:
        super().__init__(
            "The database was last used by an older version, or its tables were not all brought up to date. beside migrate"
            " does that, and so does beside serve when it starts."
        )


def require() -> None:
    """Return only where a place was made, and is, and this version may run on its tables.

    A later version's may hold what narrows and this one doesn't know. Raises `NoPlace`, `PlaceMissing`, `MovedAway`,
    `RestoreCutOff`, `NewerSchema`.
    """
    data = settings.BESIDE.data
    require_here(data)
    if (data / RESTORING).exists():
        raise RestoreCutOff
    new_place.require_place(data, settings.BESIDE.root_key_file, slots())
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        raise NoPlace(data)
    refuse_newer(MigrationExecutor(connection))


def require_up_to_date() -> None:
    """As `require`, and only where the tables are all there. Raises `OlderTables` otherwise."""
    require()
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise OlderTables
