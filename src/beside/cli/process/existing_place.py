"""Whether there is a place for a command to work on."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from beside import version
from beside.cli.process import older_versions, usable_place
from beside.cli.process.setup import refuse_newer


class NoPlace(Exception):
    """The database that the settings name has no tables."""

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
    """Return only where a place was made, and may be used, and this version may run on its tables.

    A later version's may hold what narrows and this one doesn't know. Raises `NoPlace`, `NewerSchema`, and as
    `usable_place.require`.
    """
    usable_place.require()
    if not usable_place.has_tables():
        raise NoPlace(settings.BESIDE.data)
    refuse_newer(MigrationExecutor(connection))


def require_may_run() -> None:
    """Return only while this version may run on the tables: another machine's may have migrated them meanwhile. Raises `NewerSchema`.

    While nothing is said of who may, another is at it, or has failed: no later version is served yet, and what was added is no harm. On
    SQLite there is no other machine.
    """
    if connection.vendor == "sqlite":
        return
    applied = MigrationRecorder(connection).applied_migrations()
    is_said = any(app == older_versions.LABEL for app, _name in applied)
    if is_said and not older_versions.may_run(version(), applied):
        refuse_newer(MigrationExecutor(connection))


def require_up_to_date() -> None:
    """As `require`, and only where the tables are all there. Raises `OlderTables` otherwise."""
    require()
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise OlderTables
