"""Destroying keys. Once the transaction has committed, nothing that remains can open what they sealed.

Deleting a row is not enough: it stays readable in freed pages, logs, archives, replicas and older backups.
So each destroy also replaces the keys above it, up to the epoch key, whose every copy lies in one small file
and is overwritten. The invariant to check in a review: no wrapped copy of a dropped key, old or new, is ever
under a key that still exists.

Replacing the keys above costs a write of the epoch's file and of every author's row. So the keys of files that
nobody could ever see share one replacement in ten minutes (`drop`): otherwise somebody who begins and stops ten
thousand uploads has it done ten thousand times.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction
from django.db.models import QuerySet

from beside.people.clocks import MAY_DIFFER
from beside.photos.models import Hold, KeyEpoch, Tombstone
from beside.photos.vault import key_rows
from beside.photos.vault.keyring import Keyring, keyring_of, lock_epoch, settle
from beside.photos.vault.wrapping import fresh_key, rewrap_all, unwrap, wrap

# How long the keys above a dropped hold may stay in place.
REPLACED_WITHIN = timedelta(minutes=10)
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
    every author's key.
    """
    with transaction.atomic():
        epoch = lock_epoch()
        if dropped := _dropped(holds):
            _bury(dropped, generation=epoch.generation + 1, at=at)
            _move_on(epoch)


def drop(holds: QuerySet[Hold], *, at: datetime) -> None:
    """Drop `holds` on files that nobody could ever see: unfinished, refused, or not meant to be kept.

    Nothing here opens them any more. Copies of the database from before still do, where a copy of the file
    exists as well, until the keys above are replaced: by the next `destroy`, or by `replace_if_due`.
    """
    with transaction.atomic():
        epoch = lock_epoch()
        _bury(_dropped(holds), generation=epoch.generation + 1, at=at)


def replace() -> None:
    """Replace the keys above everything that was dropped: for good when the outermost transaction commits.

    `drop` many times and this once is `destroy` many times, for the cost of one.
    """
    with transaction.atomic():
        epoch = lock_epoch()
        if Tombstone.objects.filter(generation=epoch.generation + 1).exists():
            _move_on(epoch)


def replace_if_due(at: datetime) -> None:
    """Replace the keys above holds that were dropped `REPLACED_WITHIN` ago or longer. The worker calls this."""
    with transaction.atomic():
        epoch = lock_epoch()
        waiting = Tombstone.objects.filter(generation=epoch.generation + 1)
        # A clock that was wrong makes it due, rather than never.
        if waiting.exclude(at__gt=at - REPLACED_WITHIN, at__lte=at + MAY_DIFFER).exists():
            _move_on(epoch)


def _dropped(holds: QuerySet[Hold]) -> list[_Dropped]:
    return [_Dropped(*row) for row in holds.values_list("pk", "photo_id", "account_id", "kind")]


def _move_on(epoch: KeyEpoch) -> None:
    """Replace the epoch key, and the key of every author whose holds were dropped since the last time."""
    ring = keyring_of(epoch.instance)
    before, after = epoch.generation, epoch.generation + 1
    old = AESGCM(ring.epochs.read(before))
    new_key = fresh_key()
    _replace_authors(ring, old, AESGCM(new_key), generation=after)
    KeyEpoch.objects.update(generation=after)
    ring.epochs.write_next(after, new_key)
    # Should this be cut off, `open_keyring` does it, and the sweeper.
    transaction.on_commit(settle, robust=True)


def _replace_authors(ring: Keyring, old: AESGCM, new: AESGCM, *, generation: int) -> None:
    """Rewrap every author's key. The rows are locked, so uploads in progress commit first, or wait."""
    rows = key_rows.authors()
    begins, ended = ring.author_bounds(generation - 1)
    ends = ring.author_bounds(generation)[1]
    rewrapped = rewrap_all(rows, old, new, begins=begins, ended=ended, ends=ends)
    dropped = Tombstone.objects.filter(generation=generation).values_list("account_id", flat=True)
    for account in set(dropped):
        if (wrapped := rows.get(account.hex)) is None:
            continue
        key = unwrap(old, wrapped, ring.author_bound(account, generation - 1))
        bound = ring.author_bound(account, generation)
        rewrapped[account.hex] = wrap(new, _replaced(ring, account, key), bound)
    key_rows.replace_authors(rewrapped)


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
    kept = key_rows.holds_of(account.hex)
    begins = ring.holds_begin(account.bytes)
    rewrapped = rewrap_all(kept, AESGCM(key), AESGCM(new_key), begins=begins)
    key_rows.replace_holds(account.hex, rewrapped)
    return new_key


def _batches(rows: Iterable[_Dropped]) -> Iterator[list[_Dropped]]:
    """Batches within SQLite's limit on variables in a statement."""
    rest = iter(rows)
    while batch := list(islice(rest, _AT_ONCE)):
        yield batch
