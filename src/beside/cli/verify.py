"""`beside verify`: check every key, file and row. It only reads, so it can run beside a server.

With the folder of a backup, it checks that instead, without restoring it. When it has finished, it records that in the data
folder, for the host's page.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict
from itertools import chain
from pathlib import Path

import click
from django.conf import settings
from django.utils import timezone

from beside.cli.backups.proof import Proof, prove_backup
from beside.cli.backups.refusals import CannotWrite
from beside.cli.backups.restore import NoDump
from beside.cli.backups.whose import record_of
from beside.cli.process import existing_place
from beside.cli.verification.faults import Fault
from beside.cli.verification.photographs import Prover
from beside.cli.verification.whole import prove_epoch, prove_orphans, prove_tables
from beside.moderation.last_runs import (
    LastProof,
    LastVerification,
    remember_proof,
    remember_verification,
)
from beside.photos.models import KeyEpoch, Photo
from beside.photos.vault.epoch import OtherRoot
from beside.photos.vault.exporting import NoKeyring
from beside.photos.vault.keyring import keyring_of
from beside.photos.vault.keyring_file import KeyringNotOurs
from beside.photos.vault.store import store
from beside.photos.vault.wrapping import KeyDoesNotOpen

_EXPECTED = (CannotWrite, KeyDoesNotOpen, NoDump, NoKeyring, OtherRoot)


@click.command(
    help="Check every key, file and row of this place, or of the backup in DEST. Changes none of them."
)
@click.argument(
    "dest", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option(
    "--keyring",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where the backup's keyring is. [default: DEST/keyring]",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object a line for each finding."
)
def command(*, dest: Path | None, keyring: Path | None, as_json: bool) -> None:
    """Exit with 0 if everything is whole, and 1 if something is lost or may be."""
    if dest is not None:
        _backup(dest, keyring or dest / "keyring", as_json=as_json)
        return
    existing_place.require()
    faults = leftovers = 0
    for found in prove(quietly=as_json):
        faults, leftovers = faults + (not found.is_leftover), leftovers + found.is_leftover
        click.echo(json.dumps(asdict(found)) if as_json else _in_words(found))
    # A data folder that can't be written to can still be verified.
    with suppress(OSError):
        run = LastVerification(timezone.now(), Photo.objects.count(), faults)
        remember_verification(settings.BESIDE.data, run)
    if as_json:
        click.echo(json.dumps({"faults": faults, "leftovers": leftovers}))
    else:
        click.echo(_sum(faults, leftovers))
    if faults:
        raise SystemExit(1)


def _backup(dest: Path, keyring: Path, *, as_json: bool) -> None:
    data = settings.BESIDE.data
    try:
        proof = prove_backup(dest, keyring=keyring, data=data, quietly=as_json)
    except KeyringNotOurs as wrong:
        raise click.ClickException(
            f"{wrong} Put the root key of this backup at {settings.BESIDE.root_key_file}."
        ) from None
    except _EXPECTED as wrong:
        raise click.ClickException(str(wrong)) from None
    run = LastProof(timezone.now(), len(proof.faults))
    record_of(data, proof.instance, lambda: remember_proof(data, run))
    for fault in proof.faults:
        click.echo(json.dumps(asdict(fault)) if as_json else _in_words(fault))
    if as_json:
        said = {"dump": proof.dump, "photographs": proof.photographs, "faults": len(proof.faults)}
        click.echo(json.dumps(said))
    else:
        click.echo(_sum_of_backup(proof))
    if proof.faults:
        raise SystemExit(1)


def _sum_of_backup(proof: Proof) -> str:
    if proof.faults:
        return (
            f"{proof.dump} opens. What has a cross is lost in this backup, or not as it was written."
            " While this place has it whole, beside backup copies it again."
        )
    return (
        f"The keyring opens, and so does {proof.dump}; its database is whole. Photographs in it: {proof.photographs}."
        " Each is here, and is whole. beside restore --try goes further."
    )


def prove(*, quietly: bool) -> Iterator[Fault]:
    """Yield everything that is wrong."""
    epoch = KeyEpoch.objects.first()
    if epoch is None:
        yield Fault("keyring", "There is no keyring in this database. Start beside serve once.")
        return
    ring = keyring_of(epoch.instance)
    yield from chain(prove_epoch(ring, epoch), prove_tables(), prove_orphans(store()))
    prover = Prover(ring, store())
    photos = list(Photo.objects.order_by("pk").values_list("pk", flat=True))
    with click.progressbar(
        photos, label="Photographs", file=sys.stderr, hidden=quietly or not photos
    ) as shown:
        yield from _each(prover.prove(photo) for photo in shown)


def _each(found: Iterable[list[Fault]]) -> Iterator[Fault]:
    for faults in found:
        yield from faults


def _in_words(found: Fault) -> str:
    mark = click.style("·", fg="yellow") if found.is_leftover else click.style("✗", fg="red")
    return f"{mark} {found.about}: {found.says}"


def _sum(faults: int, leftovers: int) -> str:
    if faults:
        return "Something is wrong. docs/hosting.md says what to do, under Verifying."
    rest = " What is marked with a dot is a leftover and will be swept." if leftovers else ""
    return f"Everything opens and is whole.{rest}"
