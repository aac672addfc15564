"""Whether the epoch key opens what arrives in the other database."""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from beside.photos.models import AuthorKey, Hold, KeyEpoch
from beside.photos.vault.keyring import keyring_of
from beside.photos.vault.wrapping import KeyDoesNotOpen, unwrap


def require_all_open(alias: str) -> int:
    """Open every photograph's key in the database `alias`. Returns how many; raises what the first one raises."""
    epoch = KeyEpoch.objects.using(alias).get()
    ring = keyring_of(epoch.instance)
    under = AESGCM(ring.epochs.read(epoch.generation))
    authors = {
        key.account_id: AESGCM(
            unwrap(under, bytes(key.wrapped), ring.author_bound(key.account_id, epoch.generation))
        )
        for key in AuthorKey.objects.using(alias)
    }
    opened = 0
    for hold in Hold.objects.using(alias).iterator():
        bound = ring.hold_bound(hold.account_id, hold.photo_id, hold.kind)
        if hold.account_id not in authors:
            raise KeyDoesNotOpen
        unwrap(authors[hold.account_id], bytes(hold.wrapped), bound)
        opened += 1
    return opened
