"""What a destroy costs among 200,000 photographs of 2,000 authors, and a hold's opening. Run: `python -m bench.keyring`."""

from __future__ import annotations

import os
import time
import uuid

import django
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from beside.people.models import Account  # noqa: E402
from beside.photos.models import AuthorKey, Hold, KeyEpoch, Photo  # noqa: E402
from beside.photos.vault.destroying import destroy  # noqa: E402
from beside.photos.vault.keyring import Keyring, open_keyring  # noqa: E402
from beside.photos.vault.wrapping import fresh_key, wrap  # noqa: E402

AUTHORS = 2_000
EACH = 100
TIMES = 9


@transaction.atomic
def fill(ring: Keyring) -> None:
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
        photos = [Photo(id=uuid.uuid4(), uploader=account, uploaded_at=now) for _ in range(EACH)]
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


def destroys() -> tuple[list[float], float]:
    """Seconds of each of several destroys of one photograph, with every fsync; and of the processor for one."""
    taken, worked = [], time.process_time()
    for photo in Photo.objects.order_by("pk")[:TIMES]:
        began = time.perf_counter()
        destroy(Hold.objects.filter(photo=photo), at=timezone.now())
        taken.append(time.perf_counter() - began)
    return sorted(taken), (time.process_time() - worked) / TIMES


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
    call_command("migrate", verbosity=0)
    ring = open_keyring()
    fill(ring)
    taken, worked = destroys()
    print(f"destroy among {AUTHORS * EACH:,} photographs of {AUTHORS:,} authors:")
    print(
        f"  median {taken[len(taken) // 2] * 1000:.1f} ms, slowest {taken[-1] * 1000:.1f} ms, processor {worked * 1000:.1f} ms"
    )
    print(f"opening one hold: {opening(ring) * 1_000_000:.1f} µs")


if __name__ == "__main__":
    main()
