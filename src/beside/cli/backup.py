"""`beside backup`: copy everything to another disk; what is destroyed later becomes unreadable there too."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click
from django.conf import settings
from django.utils import timezone

from beside.cli.backups import AS_FAR_AS_IT_GOES
from beside.cli.backups.backup import Done, back_up
from beside.cli.backups.destination import InsideData, Place, destination_at, keyring_below
from beside.cli.backups.places import (
    PlaceOfBackups,
    require_apart,
    require_last_there,
    require_no_root_key,
    require_nothing_kept,
)
from beside.cli.checks.file_systems import KEEPS_OLD_BLOCKS, file_system
from beside.cli.process.usable_place import expect_photographs
from beside.photos.models import KeyEpoch
from beside.photos.vault.bucket_places import BucketPlace


@click.command(
    help="Copy database, photographs and keys to DEST, a folder or s3://bucket/prefix. Run it each night, to another disk."
)
@click.argument("dest", type=PlaceOfBackups())
@click.option(
    "--keyring",
    type=PlaceOfBackups(),
    help="A different folder or bucket for the keyring; it must keep no old versions. [default: DEST/keyring]",
)
@click.option(
    "--put-back",
    is_flag=True,
    help="Put back from the backup what this place has lost, if the backup has it whole.",
)
@click.option(
    "--new",
    is_flag=True,
    help="Begin a new backup where the last one was and isn't any more.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object at the end.")
def command(
    dest: Place, *, keyring: Place | None, put_back: bool, new: bool, as_json: bool
) -> None:
    """Back up everything but the root key. Exit with 3 if it is finished, but this place has lost something."""
    keyring, destination = keyring or keyring_below(dest), destination_at(dest)
    if not KeyEpoch.objects.exists():
        raise click.ClickException("There is nothing here yet. Start beside serve once.")
    at, data = timezone.now(), settings.BESIDE.data
    if isinstance(keyring, Path) and keyring.resolve().is_relative_to(data.resolve()):
        raise InsideData(keyring)
    require_no_root_key(destination, settings.BESIDE.root_key_file)
    if not new:
        require_last_there(destination, data=data, at=at)
    _warn(keyring)
    done = back_up(destination, keyring=keyring, at=at, puts_back=put_back, quietly=as_json)
    click.echo(json.dumps(asdict(done)) if as_json else _in_words(done, destination.where))
    if done.faults:
        raise SystemExit(AS_FAR_AS_IT_GOES)
    if put_back:
        expect_photographs()


def _in_words(done: Done, dest: str) -> str:
    lines = [f"{click.style('✗', fg='red')} {fault.about}: {fault.says}" for fault in done.faults]
    lines.append(
        f"Backed up to {dest}: {done.dump}. New files: {done.copied}. Read back besides: {done.read}."
    )
    if done.again:
        lines.append(
            f"{done.again} files in the backup weren't as they had been written, and were copied again."
            " If that comes back, its disk is failing."
        )
    if done.put_back:
        lines.append(f"{done.put_back} files that this place had lost were put back.")
    if not done.is_recorded:
        lines.append("It couldn't be recorded here, so beside doctor doesn't know of it.")
    if done.faults:
        lines.append(
            "All that could be read is backed up. What has a cross is lost here, or not as it was written:"
            " docs/hosting.md says what to do, under Verifying."
        )
    lines.append(
        f"The root key is not in it. Keep a copy of {settings.BESIDE.root_key_file} on paper."
    )
    return "\n".join(lines)


def _warn(keyring: Place) -> None:
    """Say what would keep keys that are destroyed. Raises `KeepsOldKeys` where a bucket is known to."""
    if isinstance(keyring, BucketPlace):
        require_apart(keyring)
        require_nothing_kept(keyring)
        return
    kind = file_system(keyring)
    if kind in KEEPS_OLD_BLOCKS:
        click.echo(
            f"{keyring} is on {kind}: a snapshot of it would keep keys that are destroyed here."
            " Exclude this folder from snapshots.",
            err=True,
        )
