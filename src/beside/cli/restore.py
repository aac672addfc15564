"""`beside restore`: a place put back from a backup, with nothing widened, and closed until the host opens it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click
from django.conf import settings
from django.utils import timezone

from beside.cli.backups.dumps import NotSQLite
from beside.cli.backups.restore import NoDump, NotEmpty, Restored, restore
from beside.cli.process.setup import NewerSchema
from beside.photos.vault.epoch import OtherRoot
from beside.photos.vault.exporting import KeyringRolledBack, NoKeyring
from beside.photos.vault.keyring_file import KeyringNotOurs
from beside.photos.vault.wrapping import KeyDoesNotOpen

_TELLING = (
    KeyDoesNotOpen,
    KeyringRolledBack,
    NewerSchema,
    NoDump,
    NoKeyring,
    NotEmpty,
    NotSQLite,
    OSError,
    OtherRoot,
)


@click.command(help="Put a place back from the backup in SOURCE, into an empty data folder.")
@click.argument("source", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--keyring",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where the keyring is, if it is elsewhere. [default: SOURCE/keyring]",
)
@click.option(
    "--snapshot", help="A certain copy of the database, by its name. [default: the newest]"
)
@click.option("--json", "as_json", is_flag=True, help="One object at the end, for machines.")
def command(source: Path, *, keyring: Path | None, snapshot: str | None, as_json: bool) -> None:
    """Restore, and say what is not as it was."""
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
            f"{wrong} The root key of this backup has to be at {settings.BESIDE.root_key_file}."
        ) from None
    except _TELLING as wrong:
        raise click.ClickException(str(wrong)) from None
    click.echo(json.dumps(asdict(restored)) if as_json else _in_words(restored))


def _in_words(restored: Restored) -> str:
    lines = [
        f"Put back as of {restored.dump}, with every narrowing until {restored.log_until}.",
        "Everybody is signed out, open invitations have ended, and every letter is closed: only its",
        "authors see it. Each can open their own. When you are sure that nobody narrowed anything after",
        "that moment, beside open opens what was open in this copy.",
    ]
    if restored.newer:
        lines.append(
            "Photographs that came after this copy are not in it; their files and keys still are."
        )
    if restored.lost:
        lines.append(
            "Some photographs have no key any more, and nobody destroyed it: beside verify names them."
        )
    lines.append("Back up to a new folder from here on; this one belongs to the place as it was.")
    return "\n".join(lines)
