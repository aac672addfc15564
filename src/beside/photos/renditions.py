"""Reading what readers are sent of a photograph, other than on the hot path (`delivery`)."""

from __future__ import annotations

from beside.photos.models import KeyEpoch, Rendition
from beside.photos.vault import keyring
from beside.photos.vault.sealing import SMALL_MORE_BYTES, open_sealed
from beside.photos.vault.store import store


def size_of(rendition: Rendition) -> int:
    """How many bytes `bytes_of` returns."""
    return rendition.stored_bytes - SMALL_MORE_BYTES


def bytes_of(rendition: Rendition) -> bytes:
    """The rendition whole. Raises `KeyDestroyed`, `BlobMissing` and `BlobAltered`."""
    ring = keyring.keyring_of(KeyEpoch.objects.get().instance)
    identity = ring.identity(rendition.photo_id, rendition.pk, rendition.name)
    key = keyring.shown_key(rendition.photo_id)
    return open_sealed(key, identity, store().get(rendition.pk))
