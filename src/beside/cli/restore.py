"""`beside restore`: restore a place from a backup. Nothing is widened, and it starts closed."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from beside.cli.backups.restore import NoDump, NotEmpty, Restored, TablesThere, restore
from beside.cli.process.setup import NewerSchema
from beside.cli.tables.rows import RowMissing, RowRefused, first_line
from beside.photos.vault.epoch import OtherRoot
from beside.photos.vault.exporting import KeyringRolledBack, NoKeyring
from beside.photos.vault.keyring_file import KeyringNotOurs
from beside.photos.vault.wrapping import KeyDoesNotOpen

_EXPECTED = (
    KeyDoesNotOpen,
    KeyringRolledBack,
    NewerSchema,
    NoDump,
    NoKeyring,
    NotEmpty,
    RowMissing,
    RowRefused,
    OSError,
    OtherRoot,
    TablesThere,
)


@click.command(help="Restore a place from the backup in SOURCE into an empty data folder.")
@click.argument("source", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--keyring",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where the keyring is. [default: SOURCE/keyring]",
)
@click.option("--snapshot", help="The name of the database dump to restore. [default: the newest]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object at the end.")
def command(source: Path, *, keyring: Path | None, snapshot: str | None, as_json: bool) -> None:
    """Restore, and say what has changed."""
    try:
        restored = restore(
            source,
            keyring=keyring or source / "keyring",
            snapshot=snapshot,
            at=timezone.now(),
            quietly=as_json,
        )
    except KeyringNotOurs as wrong:
        raise click.ClickException(
            f"{wrong} Put the root key of this backup at {settings.BESIDE.root_key_file}."
        ) from None
    except _EXPECTED as wrong:
        raise click.ClickException(str(wrong)) from None
    except DatabaseError as wrong:
        raise click.ClickException(
            f"The database stopped the restore: {first_line(wrong)}"
        ) from None
    click.echo(json.dumps(asdict(restored)) if as_json else _in_words(restored))


def _in_words(restored: Restored) -> str:
    lines = [
        f"Restored {restored.dump}, with everything that was narrowed until {restored.log_until}.",
        "Everybody is signed out, open invitations have ended, and every letter is closed: only its",
        "authors see it, and each of them can open it. When you are sure that nobody narrowed anything",
        "after that moment, run beside open to open what was open in this backup.",
    ]
    if restored.newer:
        lines.append(
            "Some photographs arrived after this dump. Their files and keys are kept, but no letter shows them."
        )
    if restored.lost:
        lines.append(
            "Some photographs have lost their keys although nobody destroyed them: see beside verify."
        )
    lines.append("From now on, back up to a new folder: this one belongs to the place as it was.")
    return "\n".join(lines)
