"""The keyring and the store of this process, found again without looking anything up."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from django.conf import settings

from beside.delivery.statement import Sent
from beside.photos.models import Hold
from beside.photos.vault.keyring import Keyring, keyring_of
from beside.photos.vault.sealing import open_sealed_as
from beside.photos.vault.store import Store, store

_SHOWN = int(Hold.Kind.SHOWN)


class _Known(NamedTuple):
    place: object
    instance: bytes
    ring: Keyring
    store: Store


class Vault:
    """Opens what a row names. It keeps no key of a photograph and no byte of one."""

    def __init__(self) -> None:
        self._known: _Known | None = None

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
        data = known.store.get(UUID(bytes=sent.blob))
        return open_sealed_as(key, sent.instance, photo, sent.blob, role=rendition, data=data)


def _found(instance: bytes) -> _Known:
    place = settings.BESIDE
    return _Known(place, instance, keyring_of(UUID(bytes=instance)), store())
