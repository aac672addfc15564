"""`beside backup`: copy everything to another disk; what is destroyed later becomes unreadable there too."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from beside.cli.backups.backup import back_up
from beside.cli.backups.destination import BackupBusy, InsideData
from beside.cli.checks.file_systems import KEEPS_OLD_BLOCKS, file_system
from beside.cli.process.setup import NewerSchema
from beside.cli.tables.rows import RowMissing, RowRefused, first_line
from beside.photos.models import KeyEpoch
from beside.photos.vault.epoch import NoSuchEpoch, OtherRoot
from beside.photos.vault.exporting import KeyringNotWritten, KeyringRolledBack, KeyringShrank
from beside.photos.vault.keyring_file import KeyringNotOurs
from beside.photos.vault.wrapping import KeyDoesNotOpen

_EXPECTED = (
    BackupBusy,
    InsideData,
    KeyDoesNotOpen,
    KeyringNotOurs,
    KeyringNotWritten,
    KeyringRolledBack,
    KeyringShrank,
    NewerSchema,
    NoSuchEpoch,
    RowMissing,
    RowRefused,
    OSError,
    OtherRoot,
)


@click.command(
    help="Copy database, photographs and keys to DEST. Run it each night, to another disk."
)
@click.argument("dest", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--keyring",
    type=click.Path(file_okay=False, path_type=Path),
    help="A different folder for the keyring; it must keep no old versions. [default: DEST/keyring]",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object at the end.")
def command(dest: Path, *, keyring: Path | None, as_json: bool) -> None:
    """Back up everything but the root key."""
    keyring = keyring or dest / "keyring"
    if not KeyEpoch.objects.exists():
        raise click.ClickException("There is nothing here yet. Start beside serve once.")
    _warn(keyring)
    try:
        done = back_up(dest, keyring=keyring, at=timezone.now(), quietly=as_json)
    except _EXPECTED as wrong:
        raise click.ClickException(str(wrong)) from None
    except DatabaseError as wrong:
        raise click.ClickException(
            f"The database stopped the backup: {first_line(wrong)}"
        ) from None
    if as_json:
        click.echo(json.dumps(asdict(done)))
        return
    click.echo(f"Backed up to {dest}: {done.dump}. New files: {done.copied}.")
    click.echo(
        f"The root key is not in it. Keep a copy of {settings.BESIDE.root_key_file} on paper."
    )


def _warn(keyring: Path) -> None:
    kind = file_system(keyring)
    if kind in KEEPS_OLD_BLOCKS:
        click.echo(
            f"{keyring} is on {kind}: a snapshot of it would keep keys that are destroyed here."
            " Exclude this folder from snapshots.",
            err=True,
        )
