from __future__ import annotations

import re
import sqlite3
from contextlib import closing

import pytest
from django.db import migrations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from beside.cli.tables.databases import opened, sqlite_address
from beside.cli.tables.layout import layout_of, make_newest


@pytest.fixture
def with_migrations(settings):
    settings.MIGRATION_MODULES = {}


def statements(path) -> dict[str, list[str]]:
    """What makes each table, index and trigger; the order of columns, which nothing depends on, put aside."""
    with closing(sqlite3.connect(path)) as file:
        rows = file.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {
        name: sorted(re.split(r", (?=\"|CONSTRAINT)", sql.removesuffix(")"))) for name, sql in rows
    }


@pytest.mark.thorough
def test_tables_made_in_one_go_are_those_that_migrations_make(
    tmp_path, with_migrations, django_db_blocker
):
    one, other = tmp_path / "at-once", tmp_path / "by-migrations"
    with (
        django_db_blocker.unblock(),
        opened(sqlite_address(one), alias="one") as at_once,
        opened(sqlite_address(other), alias="other") as by_migrations,
    ):
        assert make_newest(at_once)
        executor = MigrationExecutor(by_migrations)
        executor.migrate(executor.loader.graph.leaf_nodes())

        assert MigrationExecutor(at_once).migration_plan(executor.loader.graph.leaf_nodes()) == []
        assert layout_of(at_once).names() == layout_of(by_migrations).names()

    made = statements(one)
    # The list of migrations has the same columns, each said as they are said here.
    assert {name: sql for name, sql in made.items() if name != "django_migrations"} == {
        name: sql for name, sql in statements(other).items() if name != "django_migrations"
    }


def test_no_migration_of_ours_writes_rows_that_tables_made_in_one_go_would_lack():
    loader = MigrationLoader(None, ignore_no_migrations=True)
    doing_more = [
        (app, name)
        for (app, name), migration in (loader.disk_migrations or {}).items()
        for step in migration.operations
        if isinstance(step, (migrations.RunPython, migrations.RunSQL))
        and migration.__module__.startswith("beside.")
    ]

    assert doing_more == []


def test_tables_that_are_there_are_left_as_they_are(tmp_path, with_migrations, django_db_blocker):
    with (
        django_db_blocker.unblock(),
        opened(sqlite_address(tmp_path / "file"), alias="file") as file,
    ):
        with file.cursor() as cursor:
            cursor.execute("CREATE TABLE something (else_ text)")

        assert not make_newest(file)
        assert file.introspection.table_names() == ["something"]
