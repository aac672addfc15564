"""Which tables a database has, and making the same ones in another.

Tables are those of the version that the database was last used by, as its own list of migrations says: so a dump of
an older version is read as what it is. They are made in one go, which takes half a second, and not migration by
migration, which takes half a minute.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


@dataclass(frozen=True, slots=True)
class Layout:
    """The tables of one version, each as a model of that version. The list of migrations comes first."""

    tables: tuple[type[models.Model], ...]

    def names(self) -> set[str]:
        """What the tables are called."""
        return {table._meta.db_table for table in self.tables}


def layout_of(connection: BaseDatabaseWrapper) -> Layout:
    """The tables that `connection` has, as far as this version knows them."""
    loader = MigrationExecutor(connection).loader
    return _layout(
        loader, [node for node in loader.applied_migrations if node in loader.graph.nodes]
    )


def make_newest(connection: BaseDatabaseWrapper) -> bool:
    """Make the tables of this version in a database that has none, listing all migrations. Returns whether it had none."""
    executor = MigrationExecutor(connection)
    nodes = executor.loader.graph.leaf_nodes()
    if not nodes or connection.introspection.table_names():
        return False
    make(_layout(executor.loader, nodes), connection, applied=executor.loader.graph.nodes)
    return True


def make(
    layout: Layout, connection: BaseDatabaseWrapper, *, applied: Iterable[tuple[str, str]] = ()
) -> None:
    """Make the tables of `layout` in a database that has none of them, with the list of what was applied: all, or none."""
    with connection.schema_editor() as editor:
        for table in layout.tables:
            # Those between two others are made with the one that declares them.
            if not table._meta.auto_created:
                editor.create_model(table)
        for app, name in applied:
            MigrationRecorder(connection).record_applied(app, name)


def _layout(loader: MigrationLoader, nodes: list[tuple[str, str]]) -> Layout:
    tables = loader.project_state(nodes).apps.get_models(include_auto_created=True)
    ours = (table for table in tables if table._meta.managed and not table._meta.proxy)
    return Layout((MigrationRecorder.Migration, *ours))
