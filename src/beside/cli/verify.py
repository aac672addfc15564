"""`beside verify`: check every key, file and row. It only reads, so it can run beside a server.

When it has finished, it records that in the data folder, for the host's page.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict
from itertools import chain

import click
from django.conf import settings
from django.utils import timezone

from beside.cli.verification.faults import Fault
from beside.cli.verification.photographs import Prover
from beside.cli.verification.whole import prove_epoch, prove_orphans, prove_tables
from beside.moderation.last_runs import LastVerification, remember_verification
from beside.photos.models import KeyEpoch, Photo
from beside.photos.vault.keyring import keyring_of
from beside.photos.vault.store import store


@click.command(help="Check every key, file and row of this place. Changes none of them.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object a line for each finding."
)
def command(*, as_json: bool) -> None:
    """Exit with 0 if everything is whole, and 1 if something is lost or may be."""
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
