"""`beside move`: move the place to another database, and back. Nothing is widened or lost."""

from __future__ import annotations

import json
from dataclasses import asdict

import click
from django.conf import settings
from django.db import DatabaseError, connection
from pydantic import SecretStr

from beside.cli.moving.move import Move, Moved, MovedAlready, NotThisVersions, TargetNotEmpty
from beside.cli.moving.sources import AsideAlready, InUse
from beside.cli.moving.targets import TableDiffers
from beside.cli.tables.rows import RowMissing, RowRefused, first_line
from beside.config import addresses
from beside.photos.vault.epoch import NoSuchEpoch, OtherRoot
from beside.photos.vault.wrapping import KeyDoesNotOpen

_EXPECTED = (
    AsideAlready,
    InUse,
    KeyDoesNotOpen,
    MovedAlready,
    NoSuchEpoch,
    NotThisVersions,
    OSError,
    OtherRoot,
    RowMissing,
    RowRefused,
    TableDiffers,
    TargetNotEmpty,
)


@click.command(
    help="Move this place to another database, which is empty: postgres://…, or sqlite for the one in the data folder."
    " A password may be left to ~/.pgpass. Where it is cut off, the same command goes on."
)
@click.option("--to", required=True, help="The database: an address, or sqlite.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object at the end.")
def command(*, to: str, as_json: bool) -> None:
    """Move, and say what to set from now on."""
    if to != "sqlite" and not _is_address(to):
        raise click.ClickException(
            "--to is sqlite, or the address of a database, such as postgres://name:password@host/database."
            f" {addresses.SIGNS}"
        )
    if to == "sqlite" and connection.vendor == "sqlite":
        raise click.ClickException("This place is on SQLite already.")
    try:
        moved = Move(settings.BESIDE.data, to=to).run()
    except _EXPECTED as wrong:
        raise click.ClickException(str(wrong)) from None
    except DatabaseError as wrong:
        raise click.ClickException(f"A database stopped the move: {first_line(wrong)}") from None
    click.echo(json.dumps(asdict(moved)) if as_json else _in_words(moved, to))


def _is_address(to: str) -> bool:
    try:
        return bool(addresses.database(SecretStr(to)).get_secret_value())
    except ValueError:
        return False


def _in_words(moved: Moved, to: str) -> str:
    setting = (
        "Unset BESIDE_DATABASE_URL"
        if to == "sqlite"
        else "Set BESIDE_DATABASE_URL to the address that you gave"
    )
    return "\n".join(
        (
            f"Moved: every row was compared, and {moved.keys} keys opened.",
            f"{setting} before you start it again, on every machine of this place.",
            f"The old rows are set aside, unsealed: {moved.leftover}. Delete them once the place runs where it is now.",
        )
    )
