"""`beside restore`: restore a place from a backup. Nothing is widened, and it starts closed."""

from __future__ import annotations

import json
from dataclasses import asdict

import click
from django.conf import settings
from django.utils import timezone

from beside.cli.backups.destination import Place, destination_at, keyring_below
from beside.cli.backups.places import PlaceOfBackups, require_apart
from beside.cli.backups.restore import restore
from beside.cli.backups.restored import Restored
from beside.cli.backups.trial import Trial, restore_on_trial
from beside.cli.backups.whose import record_of
from beside.cli.failures.empty_words import required
from beside.moderation.last_runs import LastProof
from beside.moderation.runs_of_place import remember_trial
from beside.photos.vault.bucket_places import BucketPlace
from beside.photos.vault.exporting import read_export
from beside.photos.vault.keyring_file import KeyringNotOurs


@click.command(help="Restore a place from the backup in SOURCE into an empty data folder.")
@click.argument("source", type=PlaceOfBackups(exists=True))
@click.option(
    "--keyring",
    type=PlaceOfBackups(exists=True),
    help="Where the keyring is. [default: SOURCE/keyring]",
)
@click.option(
    "--try",
    "tries",
    is_flag=True,
    help="Restore into a folder that is thrown away, and say what came back. Changes nothing here.",
)
@click.option("--links", is_flag=True, hidden=True)
@click.option(
    "--snapshot",
    callback=required,
    help="The name of the database dump to restore. [default: the newest]",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object at the end.")
def command(
    source: Place,
    *,
    keyring: Place | None,
    snapshot: str | None,
    tries: bool,
    links: bool,
    as_json: bool,
) -> None:
    """Restore, or try to, and say what came back. Exit with 1 if something didn't."""
    keyring = keyring or keyring_below(source)
    # Where the file is named, its dump is meant.
    snapshot = snapshot.removesuffix(".dump") if snapshot else None
    try:
        if tries:
            done: Restored | Trial = _try(source, keyring, snapshot)
        else:
            if isinstance(source, BucketPlace) and not links:
                require_apart(source)
            done = restore(
                destination_at(source),
                keyring=keyring,
                snapshot=snapshot,
                at=timezone.now(),
                links=links,
                quietly=as_json,
            )
    except KeyringNotOurs as wrong:
        raise click.ClickException(
            f"{wrong} Put the root key of this backup at {settings.BESIDE.root_key_file}."
        ) from None
    click.echo(json.dumps(asdict(done)) if as_json else _in_words(done))
    if done.faults:
        raise SystemExit(1)


def _try(source: Place, keyring: Place, snapshot: str | None) -> Trial:
    """Restore on trial, and record it in this place if the backup is of it."""
    data, instance = settings.BESIDE.data, read_export(keyring).instance
    trial = restore_on_trial(source, keyring=keyring, snapshot=snapshot, data=data)
    record_of(
        data, instance, lambda: remember_trial(data, LastProof(timezone.now(), len(trial.faults)))
    )
    return trial


def _in_words(done: Restored | Trial) -> str:
    faults = [f"{click.style('✗', fg='red')} {fault.about}: {fault.says}" for fault in done.faults]
    said = _tried_in_words(done) if isinstance(done, Trial) else _restored_in_words(done)
    return "\n".join((*faults, said))


def _tried_in_words(trial: Trial) -> str:
    came_back = (
        f"{trial.dump} was restored on trial, with everything that was narrowed until {trial.log_until},"
        f" and thrown away again. Photographs in it: {trial.photographs}."
    )
    if trial.faults:
        return f"{came_back} What has a cross didn't come back whole."
    return f"{came_back} The database and the keys came back, and every photograph opens."


def _restored_in_words(restored: Restored) -> str:
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
    if restored.faults:
        lines.append(
            "What has a cross couldn't be read in the backup, and is missing here: see beside verify."
        )
    lines.append("From now on, back up to a new folder: this one belongs to the place as it was.")
    return "\n".join(lines)
