"""`beside migrate`: bring the tables to this version, as each start does, without starting anything."""

from __future__ import annotations

import json

import click
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from beside import version
from beside.cli.process import older_versions, usable_place
from beside.cli.process.one_machine import one_start
from beside.cli.process.setup import prepare_tables, refuse_newer


@click.command(help="Bring the tables to this version, as each start of beside serve does.")
@click.option("--check", is_flag=True, help="Only say what there is to do.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(*, check: bool, as_json: bool) -> None:
    """Migrate, or say how many steps there are, and which versions may run on the tables afterwards."""
    usable_place.require()
    if not settings.BESIDE.database_url and not usable_place.has_tables():
        raise click.ClickException("There is nothing here yet. Start beside serve once.")
    if check:
        steps = _steps()
    else:
        with one_start():
            steps = _steps()
            prepare_tables()
    if as_json:
        says = {"version": version(), "steps": steps, "oldest": older_versions.OLDEST}
        click.echo(json.dumps(says))
    else:
        click.echo(_in_words(steps, check=check))


def _steps() -> int:
    """How many migrations there are to do. Raises `NewerSchema`."""
    executor = MigrationExecutor(connection)
    refuse_newer(executor)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _in_words(steps: int, *, check: bool) -> str:
    if not steps:
        return "There is nothing to do: the database has this version's tables."
    if check:
        return f"Migrations to do: {steps}. Nothing has been changed."
    return f"Migrations done: {steps}. The database has this version's tables now."
