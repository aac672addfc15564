"""`beside verify`: check every key, file and row. It only reads, so it can run beside a server.

With the folder of a backup, it checks that instead, without restoring it. When it has finished, it records that in the data
folder, for the host's page; and while it runs, how far it has come, so that a large place can be checked in several goes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from itertools import chain, islice
from pathlib import Path
from uuid import UUID

import click
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from beside.cli.backups.destination import Place, destination_at, keyring_below
from beside.cli.backups.places import PlaceOfBackups
from beside.cli.backups.proof import Proof, prove_backup
from beside.cli.backups.whose import record_of
from beside.cli.process import existing_place
from beside.cli.verification.faults import Fault
from beside.cli.verification.photographs import Prover
from beside.cli.verification.progress import Progress, forget
from beside.cli.verification.whole import prove_epoch, prove_named, prove_parts, prove_tables
from beside.moderation.last_runs import LastProof, LastVerification
from beside.moderation.runs_of_place import remember_proof, remember_verification
from beside.photos.models import KeyEpoch, Photo
from beside.photos.vault.keyring import keyring_of
from beside.photos.vault.keyring_file import KeyringNotOurs
from beside.photos.vault.store import StoreUnavailable, store

_GOES_ON = "beside verify --go-on goes on from here."
_FILES_AT_ONCE = 500
_PHOTOGRAPHS_AT_ONCE = 20


@click.command(
    help="Check every key, file and row of this place, or of the backup in DEST. Changes none of them."
)
@click.argument("dest", required=False, type=PlaceOfBackups(exists=True))
@click.option(
    "--keyring",
    type=PlaceOfBackups(exists=True),
    help="Where the backup's keyring is. [default: DEST/keyring]",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object a line for each finding."
)
@click.option("--go-on", is_flag=True, help="Go on where the last run was stopped.")
def command(*, dest: Place | None, keyring: Place | None, as_json: bool, go_on: bool) -> None:
    """Exit with 0 if everything is whole, and 1 if something is lost or may be."""
    if dest is not None:
        _backup(dest, keyring or keyring_below(dest), as_json=as_json)
        return
    existing_place.require()
    data = settings.BESIDE.data
    run = (Progress.of(data) if go_on else None) or Progress()
    try:
        for found in prove(run, quietly=as_json):
            run.faults, run.leftovers = (
                run.faults + (not found.is_leftover),
                run.leftovers + found.is_leftover,
            )
            click.echo(json.dumps(asdict(found)) if as_json else _in_words(found))
    except StoreUnavailable as away:
        raise click.ClickException(f"{away} {_GOES_ON}") from None
    except KeyboardInterrupt:
        raise click.ClickException(f"Stopped. {_GOES_ON}") from None
    _finish(run, data)
    if as_json:
        click.echo(json.dumps({"faults": run.faults, "leftovers": run.leftovers}))
    else:
        click.echo(_sum(run.faults, run.leftovers))
    if run.faults:
        raise SystemExit(1)


def _backup(dest: Place, keyring: Place, *, as_json: bool) -> None:
    data = settings.BESIDE.data
    try:
        proof = prove_backup(destination_at(dest), keyring=keyring, data=data, quietly=as_json)
    except KeyringNotOurs as wrong:
        raise click.ClickException(
            f"{wrong} Put the root key of this backup at {settings.BESIDE.root_key_file}."
        ) from None
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


def prove(run: Progress, *, quietly: bool) -> Iterator[Fault]:
    """Yield everything that is wrong, from where `run` has come to. Raises `StoreUnavailable`."""
    epoch = KeyEpoch.objects.first()
    if epoch is None:
        yield Fault("keyring", "There is no keyring in this database. Start beside serve once.")
        return
    ring = keyring_of(epoch.instance)
    yield from chain(prove_epoch(ring, epoch), prove_tables())
    if not run.photograph:
        yield from _prove_files(run)
        yield from prove_parts(store())
    yield from _prove_photographs(run, Prover(ring, store()), quietly=quietly)


def _prove_files(run: Progress) -> Iterator[Fault]:
    """What the store lists, some at a time."""
    listed = store().ids(after=UUID(run.file) if run.file else None)
    while some := [blob for blob, _written in islice(listed, _FILES_AT_ONCE)]:
        yield from prove_named(some)
        run.file = some[-1].hex
        run.keep(settings.BESIDE.data)


def _prove_photographs(run: Progress, prover: Prover, *, quietly: bool) -> Iterator[Fault]:
    rest = Photo.objects.order_by("pk")
    if run.photograph:
        rest = rest.filter(pk__gt=UUID(run.photograph))
    many = rest.count()
    with click.progressbar(
        length=many, label="Photographs", file=sys.stderr, hidden=quietly or not many
    ) as shown:
        while some := list(rest.values_list("pk", flat=True)[:_PHOTOGRAPHS_AT_ONCE]):
            for photo in some:
                yield from prover.prove(photo)
                shown.update(1)
            rest = rest.filter(pk__gt=some[-1])
            run.photograph = some[-1].hex
            run.keep(settings.BESIDE.data)


def _finish(run: Progress, data: Path) -> None:
    """Record that it has come to its end. A data folder that can't be written to can still be verified."""
    forget(data)
    with suppress(OSError, DatabaseError):
        remember_verification(
            data, LastVerification(timezone.now(), Photo.objects.count(), run.faults)
        )


def _in_words(found: Fault) -> str:
    mark = click.style("·", fg="yellow") if found.is_leftover else click.style("✗", fg="red")
    return f"{mark} {found.about}: {found.says}"


def _sum(faults: int, leftovers: int) -> str:
    if faults:
        return "Something is wrong. docs/hosting.md says what to do, under Verifying."
    rest = " What is marked with a dot is a leftover and will be swept." if leftovers else ""
    return f"Everything opens and is whole.{rest}"
