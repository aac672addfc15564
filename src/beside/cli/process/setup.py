"""Setting up a place: folders, tables, static files, keyring. Done at each start; quick if already done."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from beside import version
from beside.cli.process import older_versions, usable_place
from beside.cli.process.one_machine import one_start
from beside.cli.process.prepared_version import remember_prepared
from beside.cli.tables.layout import make_newest
from beside.config import databases
from beside.photos import disk_full
from beside.photos.vault import new_place
from beside.photos.vault.durable import PRIVATE_FOLDER, make_folder
from beside.photos.vault.keyring import open_keyring

_SET_ALREADY = """
    SELECT unnest(setconfig) FROM pg_db_role_setting WHERE setrole = current_user::regrole
    AND setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class NewerSchema(Exception):
    """The tables are a later version's, so this version must not touch them."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(
            f"This data folder was last used by a newer Beside ({', '.join(names)}); this is {version()}."
            " Install that version or a later one. Nothing has been changed."
        )


def prepare() -> None:
    """Set up everything that the first request needs.

    Raises `NewerSchema`, and what opening the keyring and `require` and `require_photographs` of `usable_place` raise.
    """
    usable_place.require()
    make_folders(settings.BESIDE.data)
    # Whatever comes next may need a little room.
    disk_full.watch(settings.BESIDE.data)
    with one_start():
        # Again: whoever had it before may have moved the place away.
        usable_place.require()
        # Tables of an older version may lack what is asked.
        with suppress(DatabaseError):
            usable_place.require_photographs()
        prepare_tables()
        collect_static()
        open_keyring()
    usable_place.require_photographs()
    new_place.made(settings.BESIDE.data)
    remember_prepared(settings.BESIDE.data)


def prepare_tables() -> None:
    """Migrate the tables and create the cache table. Raises `NewerSchema`."""
    if databases.has_pooler(settings.BESIDE):
        set_for_sessions(databases.SESSION)
    migrate()
    call_command("createcachetable", verbosity=0)


def set_for_sessions(values: Mapping[str, str]) -> None:
    """Have PostgreSQL begin each session of this user with `values`, which a pooler doesn't pass on."""
    wanted = {f"{name}={value}" for name, value in values.items()}
    with connection.cursor() as cursor:
        cursor.execute(_SET_ALREADY)
        if wanted <= {line for (line,) in cursor.fetchall()}:
            return
        database = connection.ops.quote_name(connection.settings_dict["NAME"])
        for name, value in values.items():
            cursor.execute(f"ALTER ROLE CURRENT_USER IN DATABASE {database} SET {name} = '{value}'")


def make_folders(data: Path) -> None:
    """Create the data folder, readable by its owner only."""
    make_folder(data.resolve())
    data.chmod(PRIVATE_FOLDER)


def migrate() -> None:
    """Migrate to this version. Raises `NewerSchema` before anything is changed.

    On tables of a later version that lets this one run, there is nothing to do.
    """
    executor = MigrationExecutor(connection)
    refuse_newer(executor)
    if later_migrations(executor):
        return
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        older_versions.allow_none()
        # After that there is nothing left to migrate, and what follows a migration is still to be done.
        make_newest(connection)
        call_command("migrate", interactive=False, verbosity=0)
    older_versions.allow()


def refuse_newer(executor: MigrationExecutor) -> None:
    """Raise `NewerSchema` if the tables are a later version's that doesn't let this one run on them."""
    later = later_migrations(executor)
    if later and not older_versions.may_run(version(), executor.loader.applied_migrations or ()):
        raise NewerSchema(later)


def later_migrations(executor: MigrationExecutor) -> list[str]:
    """The migrations of ours that were applied and that this version lacks."""
    known = executor.loader.disk_migrations or {}
    labels = {app for app, _ in known}
    return sorted(
        f"{app}.{name}"
        for app, name in executor.loader.applied_migrations or ()
        if app in labels and (app, name) not in known and not _was_squashed(executor, app, name)
    )


def collect_static() -> None:
    """Collect the static files for the server, unless that has been done."""
    marker = Path(settings.STATIC_ROOT) / ".made-from"
    made_from = _fingerprint()
    if marker.exists() and marker.read_text("ascii") == made_from:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    marker.write_text(made_from, "ascii")


def _was_squashed(executor: MigrationExecutor, app: str, name: str) -> bool:
    replaced = (
        node for squash in executor.loader.replacements.values() for node in squash.replaces
    )
    return (app, name) in replaced


def _fingerprint() -> str:
    digest = hashlib.sha256(f"{version()} {settings.STORAGES['staticfiles']['BACKEND']}".encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            file = Path(storage.path(name)).stat()
            digest.update(f"{name} {file.st_size} {file.st_mtime_ns}\n".encode())
    return digest.hexdigest()
