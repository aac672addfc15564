"""`beside move`: move the place to another database, store and keyring, and back. Nothing is widened or lost."""

from __future__ import annotations

import json
from dataclasses import asdict

import click
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from pydantic import SecretStr, ValidationError

from beside.cli.failures.empty_words import required
from beside.cli.moving.move import Move, Moved, are_elsewhere
from beside.cli.tables.rows import first_line
from beside.config import addresses
from beside.config.env import Env
from beside.config.refused_settings import sentences

_FOLDER = "folder"


@click.command(
    help="Move this place: its rows to another database, which is empty, its sealed files to another store, its epoch key to another"
    " keyring. What isn't named stays where it is. Where it is cut off, the same command goes on."
)
@click.option(
    "--to",
    callback=required,
    help="The database: postgres://…, or sqlite for the one in the data folder. A password may be left to ~/.pgpass.",
)
@click.option(
    "--store",
    callback=required,
    help="What BESIDE_STORE will be: s3://…, or folder for the one in the data folder.",
)
@click.option(
    "--keyring",
    callback=required,
    help="What BESIDE_KEYRING will be: a bucket of its own, a folder's path, or folder for the one in the data folder.",
)
@click.option(
    "--without-lost",
    is_flag=True,
    help="Move although files are lost already, as beside verify says.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object at the end.")
def command(
    *, to: str | None, store: str | None, keyring: str | None, without_lost: bool, as_json: bool
) -> None:
    """Move, and say what to set from now on."""
    here: Env = settings.BESIDE
    there = _env_of(here, to=to, store=store, keyring=keyring)
    if not (
        to
        or are_elsewhere(here.store_place, there.store_place)
        or are_elsewhere(here.keyring_place, there.keyring_place)
    ):
        raise click.ClickException(
            "That is where this place is already. Say with --to, --store or --keyring what is to move, and where."
        )
    try:
        move = Move(here, there, to=to or "", without_lost=without_lost)
        moved = move.run(at=timezone.now(), quietly=as_json)
    except DatabaseError as wrong:
        raise click.ClickException(f"A database stopped the move: {first_line(wrong)}") from None
    click.echo(json.dumps(asdict(moved)) if as_json else _in_words(moved, here, there))


def _env_of(here: Env, *, to: str | None, store: str | None, keyring: str | None) -> Env:
    """The settings that the place will have."""
    if to and to != "sqlite" and not _is_address(to):
        raise click.ClickException(
            "--to is sqlite, or the address of a database, such as postgres://name:password@host/database."
            f" {addresses.SIGNS}"
        )
    if to == "sqlite" and connection.vendor == "sqlite":
        raise click.ClickException("This place is on SQLite already.")
    wanted = {name: getattr(here, name) for name in here.model_fields_set}
    if to:
        wanted["database_url"] = "" if to == "sqlite" else to
    for name, said in (("store", store), ("keyring", keyring)):
        if said is not None:
            wanted[name] = "" if said == _FOLDER else said
    try:
        return Env.model_validate(wanted)
    except ValidationError as wrong:
        raise click.ClickException(sentences(wrong)) from None


def _is_address(to: str) -> bool:
    try:
        return bool(addresses.database(SecretStr(to)).get_secret_value())
    except ValueError:
        return False


def _in_words(moved: Moved, here: Env, there: Env) -> str:
    files = f" {moved.files} files were copied and read back." if moved.files else ""
    rows = "every row was compared, and " if there.database_url != here.database_url else ""
    lines = [
        f"Moved: {rows}{moved.keys} keys opened.{files}",
        "Before you start it again, on every machine of this place:",
    ]
    if moved.lost:
        lines.insert(1, f"{moved.lost} files were lost already, and are missing there too.")
    if there.database_url != here.database_url:
        lines.append(
            "- set BESIDE_DATABASE_URL to the address that you gave"
            if there.database_url.get_secret_value()
            else "- unset BESIDE_DATABASE_URL"
        )
    for name, before, now in (
        ("BESIDE_STORE", here.store, there.store),
        ("BESIDE_KEYRING", here.keyring, there.keyring),
    ):
        if before != now:
            lines.append(f"- set {name}={now}" if now else f"- unset {name}")
    if moved.leftover:
        lines.append(
            f"The old rows are set aside, unsealed: {moved.leftover}. Delete them once the place runs where it is now."
        )
    if there.store != here.store:
        lines.append(
            "The old files are where they were, sealed. Delete them once beside verify has found all well."
        )
    return "\n".join(lines)
