"""What a destroy costs among 200,000 photographs of 2,000 authors, and a hold's opening.

    [BESIDE_TEST_DATABASE=postgresql] python -m bench.keyring [--each 100]

Beside it stand what it can't do without: the cryptography for every author's key, and their rows read and replaced, each
by itself and through no Django; and both together, which no destroy that gives every author's key anew could be quicker than. On PostgreSQL the processor's time is this process's, without the database's.
"""

from __future__ import annotations

import argparse
import os
import time
import uuid
from collections.abc import Callable
from statistics import median

import django
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.reporting import Table  # noqa: E402
from beside.people.models import Account  # noqa: E402
from beside.photos.models import AuthorKey, Hold, KeyEpoch, Photo  # noqa: E402
from beside.photos.vault import key_rows  # noqa: E402
from beside.photos.vault.destroying import destroy  # noqa: E402
from beside.photos.vault.keyring import Keyring, open_keyring  # noqa: E402
from beside.photos.vault.wrapping import fresh_key, rewrap_all, wrap  # noqa: E402

AUTHORS = 2_000
TIMES = 15


@transaction.atomic
def fill(ring: Keyring, *, each: int) -> None:
    """Photographs with both their keys, made in bulk as no upload could."""
    epoch = AESGCM(ring.epochs.read(1))
    now = timezone.now()
    accounts = [Account(email=f"{number}@home.example", password="!") for number in range(AUTHORS)]
    Account.objects.bulk_create(accounts)
    keys = {account.pk: fresh_key() for account in accounts}
    AuthorKey.objects.bulk_create(
        AuthorKey(account_id=pk, wrapped=wrap(epoch, key, ring.author_bound(pk, 1)))
        for pk, key in keys.items()
    )
    for account in accounts:
        author = AESGCM(keys[account.pk])
        photos = [Photo(id=uuid.uuid4(), uploader=account, uploaded_at=now) for _ in range(each)]
        Photo.objects.bulk_create(photos)
        Hold.objects.bulk_create(
            Hold(
                photo=photo,
                account=account,
                kind=kind,
                wrapped=wrap(author, fresh_key(), ring.hold_bound(account.pk, photo.pk, kind)),
            )
            for photo in photos
            for kind in Hold.Kind
        )


def spent(act: Callable[[], object]) -> tuple[float, float]:
    """The median seconds of the clock, and of this process's processor time."""
    clock, processor = [], []
    for _ in range(TIMES):
        began, worked = time.perf_counter(), time.process_time()
        act()
        clock.append(time.perf_counter() - began)
        processor.append(time.process_time() - worked)
    return median(clock), median(processor)


def cryptography() -> None:
    """As many keys decrypted and encrypted again as there are authors, and nothing else."""
    cipher, nonce, bound = AESGCM(fresh_key()), bytes(12), bytes(40)
    sealed = cipher.encrypt(nonce, fresh_key(), bound)
    for _ in range(AUTHORS):
        cipher.encrypt(nonce, cipher.decrypt(nonce, sealed, bound), bound)


@transaction.atomic
def rows() -> None:
    """Every author's row read, and written as it was."""
    key_rows.replace_authors(key_rows.authors())


@transaction.atomic
def keys(ring: Keyring) -> None:
    """Every author's key read, rewrapped as a destroy does it, and written: under the same epoch's key, so they open as before."""
    generation = KeyEpoch.objects.get().generation
    epoch = AESGCM(ring.epochs.read(generation))
    begins, ends = ring.author_bounds(generation)
    rewrapped = rewrap_all(key_rows.authors(), epoch, epoch, begins=begins, ended=ends, ends=ends)
    key_rows.replace_authors(rewrapped)


def opening(ring: Keyring, rounds: int = 20_000) -> float:
    """Seconds to open one hold whose author's key is remembered."""
    hold = Hold.objects.select_related("account__authorkey").latest("pk")
    generation = KeyEpoch.objects.get().generation
    author_wrapped, hold_wrapped = bytes(hold.account.authorkey.wrapped), bytes(hold.wrapped)
    began = time.perf_counter()
    for _ in range(rounds):
        ring.open_hold(
            generation,
            author_wrapped,
            hold_wrapped=hold_wrapped,
            account=hold.account_id.bytes,
            photo=hold.photo_id.bytes,
            kind=hold.kind,
        )
    return (time.perf_counter() - began) / rounds


def main() -> None:
    """Fill a database of its own, and tell the medians."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--each", type=int, default=100, help="photographs of each author")
    each = parser.parse_args().each
    call_command("migrate", verbosity=0)
    ring = open_keyring()
    fill(ring, each=each)
    table = Table(
        "keyring" if connection.vendor == "sqlite" else "keyring-postgresql",
        ["what", "photographs", "authors", "ms", "processor, ms"],
    )
    holds = iter([Hold.objects.filter(photo=one) for one in Photo.objects.order_by("pk")[:TIMES]])
    for name, act in (
        ("a destroy", lambda: destroy(next(holds), at=timezone.now())),
        ("its cryptography alone", cryptography),
        ("its authors' rows alone", rows),
        ("its authors' keys alone", lambda: keys(ring)),
    ):
        clock, processor = spent(act)
        table.add(name, AUTHORS * each, AUTHORS, round(clock * 1000, 1), round(processor * 1000, 1))
    one = opening(ring) * 1000
    table.add("a hold opened", AUTHORS * each, AUTHORS, round(one, 4), round(one, 4))
    table.finish()


if __name__ == "__main__":
    main()
