"""The keyring and the store of this process, found again without looking anything up."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from django.conf import settings

from beside.delivery.circuit_breaker import CircuitBreaker
from beside.delivery.sealed_cache import SealedCache
from beside.delivery.statement import Sent
from beside.photos.models import Hold, KeyEpoch
from beside.photos.vault.bucket_places import where
from beside.photos.vault.folder_store import FolderStore
from beside.photos.vault.keyring import Keyring, keyring_of
from beside.photos.vault.sealing import BlobAltered, open_sealed_as
from beside.photos.vault.store import store

_SHOWN = int(Hold.Kind.SHOWN)


class _Known(NamedTuple):
    place: object
    instance: bytes
    ring: Keyring
    get: Callable[[UUID], bytes]
    drop: Callable[[UUID], None]


class Vault:
    """Opens what a row names. It keeps no key of a photograph, and no byte of one that isn't sealed."""

    def __init__(self) -> None:
        self._known: _Known | None = None

    def prepare(self) -> None:
        """Find them, before a photograph is asked for. A place that is still being made has none yet."""
        if (epoch := KeyEpoch.objects.first()) is not None:
            self._known = _found(epoch.instance.bytes)

    def opened(self, sent: Sent, photo: bytes, rendition: str) -> bytes:
        """The rendition's bytes.

        Raises `NoSuchEpoch`, `KeyDoesNotOpen`, `BlobMissing` and `BlobAltered`.
        """
        known = self._known
        if known is None or known.instance != sent.instance or known.place is not settings.BESIDE:
            known = self._known = _found(sent.instance)
        key = known.ring.open_hold(
            sent.generation,
            sent.author_wrapped,
            hold_wrapped=sent.hold_wrapped,
            account=sent.author,
            photo=photo,
            kind=_SHOWN,
        )
        blob = UUID(bytes=sent.blob)
        data = known.get(blob)
        try:
            return open_sealed_as(key, sent.instance, photo, sent.blob, role=rendition, data=data)
        except BlobAltered:
            known.drop(blob)
            raise


def _found(instance: bytes) -> _Known:
    place, ring, blobs = settings.BESIDE, keyring_of(UUID(bytes=instance)), store()
    if isinstance(blobs, FolderStore):
        return _Known(place, instance, ring, blobs.get, lambda _blob: None)
    breaker = CircuitBreaker(blobs.get, where(place.store_place))
    if not place.sealed_cache_bytes:
        return _Known(place, instance, ring, breaker.get, lambda _blob: None)
    # Before the breaker: what is in memory is sent, whatever the store does.
    cache = SealedCache(place.sealed_cache_bytes)
    return _Known(place, instance, ring, lambda blob: cache.get(blob, breaker.get), cache.drop)
