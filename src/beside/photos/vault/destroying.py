"""Destroying keys. Once the transaction has committed, nothing that remains can open what they sealed.

Deleting a row is not enough: it stays readable in freed pages, logs, archives, replicas and older backups.
So each destroy also replaces the keys above it, up to the epoch key, whose every copy lies in one small file
and is overwritten. The invariant to check in a review: no wrapped copy of a dropped key, old or new, is ever
under a key that still exists.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection, transaction
from django.db.models import QuerySet

from beside.photos.models import AuthorKey, Hold, KeyEpoch, Tombstone
from beside.photos.vault.keyring import Keyring, keyring_of, lock_epoch, settle
from beside.photos.vault.wrapping import fresh_key, unwrap, wrap

_AT_ONCE = 500


class _Dropped(NamedTuple):
    pk: int
    photo: UUID
    account: UUID
    kind: int


def destroy(holds: QuerySet[Hold], *, at: datetime) -> None:
    """Destroy `holds`: for good when the outermost transaction commits, and not at all if it doesn't.

    Other authors' holds on the same key stay. When the last hold on a key is gone, neither the database, nor
    the data folder, nor any earlier copy of either can open it. Pass all holds in one call: each call rewraps
    every author's key (2,000 take about 50 ms of CPU time).
    """
    with transaction.atomic():
        epoch = lock_epoch()
        dropped = [
            _Dropped(*row) for row in holds.values_list("pk", "photo_id", "account_id", "kind")
        ]
        if dropped:
            _move_on(epoch, dropped, at=at)


def _move_on(epoch: KeyEpoch, dropped: list[_Dropped], *, at: datetime) -> None:
    ring = keyring_of(epoch.instance)
    before, after = epoch.generation, epoch.generation + 1
    old = AESGCM(ring.epochs.read(before))
    new_key = fresh_key()
    authors = _author_keys(ring, old, generation=before)
    _bury(dropped, generation=after, at=at)
    for account in {row.account for row in dropped}:
        authors[account] = _replaced(ring, account, authors.pop(account))
    _rewrap_authors(ring, AESGCM(new_key), authors, generation=after)
    KeyEpoch.objects.update(generation=after)
    ring.epochs.write_next(after, new_key)
    # Should this be cut off, `open_keyring` does it, and the sweeper.
    transaction.on_commit(settle, robust=True)


def _author_keys(ring: Keyring, old: AESGCM, *, generation: int) -> dict[UUID, bytes]:
    """Every author's key. The rows are locked, so uploads in progress commit first, or wait."""
    rows = AuthorKey.objects.select_for_update().values_list("account_id", "wrapped")
    return {
        account: unwrap(old, bytes(wrapped), ring.author_bound(account, generation))
        for account, wrapped in rows
    }


def _bury(dropped: list[_Dropped], *, generation: int, at: datetime) -> None:
    Tombstone.objects.bulk_create(
        Tombstone(
            photo_id=row.photo, account_id=row.account, kind=row.kind, generation=generation, at=at
        )
        for row in dropped
    )
    for rows in _batches(dropped):
        Hold.objects.filter(pk__in=[row.pk for row in rows]).delete()


def _replaced(ring: Keyring, account: UUID, key: bytes) -> bytes:
    """A new key for an author, and their remaining holds rewrapped under it."""
    new_key = fresh_key()
    old, new = AESGCM(key), AESGCM(new_key)
    rewrapped = []
    kept = Hold.objects.filter(account_id=account).values_list("pk", "photo_id", "kind", "wrapped")
    for pk, photo, kind, wrapped in kept:
        bound = ring.hold_bound(account, photo, kind)
        rewrapped.append((wrap(new, unwrap(old, bytes(wrapped), bound), bound), pk))
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE photos_hold SET wrapped = %s WHERE id = %s", rewrapped)
    return new_key


def _rewrap_authors(
    ring: Keyring, under: AESGCM, authors: dict[UUID, bytes], *, generation: int
) -> None:
    """Store the authors' keys through a cursor: `bulk_update` takes twenty times as long."""
    account_field = AuthorKey._meta.pk
    rewrapped = [
        (
            wrap(under, key, ring.author_bound(account, generation)),
            account_field.get_db_prep_value(account, connection),
        )
        for account, key in authors.items()
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE photos_authorkey SET wrapped = %s WHERE account_id = %s", rewrapped
        )


def _batches(rows: Iterable[_Dropped]) -> Iterator[list[_Dropped]]:
    """Batches within SQLite's limit on variables in a statement."""
    rest = iter(rows)
    while batch := list(islice(rest, _AT_ONCE)):
        yield batch
