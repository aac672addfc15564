"""The database, whichever it is: whether it answers, and has this version's tables. It is only read."""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from beside.cli.checks import postgresql, sqlite_file
from beside.cli.checks.findings import Finding, well, wrong
from beside.cli.failures.databases import START
from beside.cli.process.setup import NewerSchema, later_migrations, refuse_newer
from beside.config.env import Env

_PRAGMAS = {"synchronous": "2", "secure_delete": "1", "foreign_keys": "1"}
_READING_S = 10
_CONNECTING_S = 5
_RESTORE = "Stop Beside, keep a copy of the data folder as it is, and restore a backup into another folder (docs/hosting.md)."


class NoTables(Exception):
    """There is nothing in the database that could be looked at further."""


@contextmanager
def only_reading() -> Iterator[None]:
    """Have the connection write nothing while the block runs, not even a file beside the database's."""
    before = connection.settings_dict
    connection.close()
    connection.settings_dict = _reading(copy.deepcopy(before))
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = before


def file() -> Path | None:
    """The database's file; None where it is a server."""
    if connection.vendor != "sqlite":
        return None
    return Path(
        settings.DATABASES["default"]["NAME"] if _is_uri() else connection.settings_dict["NAME"]
    )


def look(env: Env) -> Iterator[Finding]:
    """Everything about the database itself. Raises `NoTables` after what stands in the way was said."""
    if connection.vendor == "sqlite":
        yield _sqlite()
    else:
        yield from postgresql.look(env)
    yield from _tables()


def _is_uri() -> bool:
    return str(connection.settings_dict["NAME"]).startswith("file:")


def _reading(changed: dict[str, Any]) -> dict[str, Any]:
    options = changed["OPTIONS"]
    if connection.vendor == "sqlite":
        changed["NAME"] = sqlite_file.to_read(Path(changed["NAME"]))
        options |= {
            "uri": True,
            "transaction_mode": "DEFERRED",
            "timeout": _CONNECTING_S,
            "init_command": "PRAGMA synchronous=FULL;PRAGMA secure_delete=ON;",
        }
    else:
        options["connect_timeout"] = _CONNECTING_S
    return changed


def _sqlite() -> Finding:
    about = "database"
    damage = _damage()
    if damage:
        return wrong(about, f"The database is damaged ({damage}).", _RESTORE)
    with connection.cursor() as cursor:
        found = {name: str(cursor.execute(f"PRAGMA {name}").fetchone()[0]) for name in _PRAGMAS}
    off = [f"{name}={found[name]}" for name, meant in _PRAGMAS.items() if found[name] != meant]
    path = file()
    if path is not None and _is_uri() and not sqlite_file.is_wal(path):
        off.append("journal_mode")
    if off:
        return wrong(
            about,
            f"SQLite ignored its settings ({', '.join(off)}), so a power cut could bring back a letter that was taken back.",
            "Put the data folder on a local disk, not on a network share.",
        )
    return well(about, "SQLite syncs each commit to disk.")


def _damage() -> str:
    """What SQLite finds wrong with the file within some seconds; `beside verify` reads all of it."""
    connection.ensure_connection()
    opened = connection.connection
    ends = time.monotonic() + _READING_S
    opened.set_progress_handler(lambda: time.monotonic() > ends, 100_000)
    try:
        found = str(opened.execute("PRAGMA quick_check(1)").fetchone()[0])
    except opened.OperationalError as stopped:
        if stopped.sqlite_errorname != "SQLITE_INTERRUPT":
            raise
        return ""
    finally:
        opened.set_progress_handler(None, 0)
    return "" if found == "ok" else " ".join(found.split())


def _tables() -> Iterator[Finding]:
    about = "version"
    executor = MigrationExecutor(connection)
    if not executor.loader.applied_migrations:
        yield wrong("database", "The database has no tables.", START)
        raise NoTables
    try:
        refuse_newer(executor)
    except NewerSchema as newer:
        yield wrong(about, str(newer), "Install the newer version again.")
        raise NoTables from None
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield wrong(
            about,
            "The database was last used by an older version, or its tables were not all brought up to date.",
            "Back up, and restart beside serve, which does that.",
        )
        raise NoTables
    if missing := _missing():
        yield wrong("database", f"The database lacks tables ({', '.join(missing)}).", _RESTORE)
        raise NoTables
    whose = (
        "a later version's tables, which this one may use"
        if later_migrations(executor)
        else "this version's tables"
    )
    yield well(about, f"The database has {whose}.")


def _missing() -> list[str]:
    there = set(connection.introspection.table_names())
    meant = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
    }
    return sorted(meant - there)
