"""Whether the store that the settings name is the one that this place's photographs are in.

A disk that isn't mounted looks like an empty store, and another node's or another place's store like a full one. What is
uploaded into either is lost to everybody else, and what lies in it is swept.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from uuid import UUID

from django.db.models import Exists, OuterRef

from beside.photos.models import Hold, Photo, Rendition
from beside.photos.vault.store import BlobMissing, Store

# Some may be lost, or be destroyed or turned by another node meanwhile; not all of so many.
_NEWEST = 20


def lacks_newest(store: Store) -> bool:
    """Whether `store` has none of the newest photographs that readers can be sent. Raises `OSError` where it doesn't answer."""
    looked = list(_newest())
    if not looked or any(_has(store, blob) for blob in looked):
        return False
    return Rendition.objects.filter(pk__in=looked).exists()


def _newest() -> Iterator[UUID]:
    """The smallest file of each."""
    shown = Hold.objects.filter(photo=OuterRef("pk"), kind=Hold.Kind.SHOWN)
    photos = Photo.objects.filter(Exists(shown), state=Photo.State.READY).order_by("-uploaded_at")
    for photo in photos[:_NEWEST]:
        smallest = photo.renditions.order_by("stored_bytes").first()
        if smallest is not None:
            yield smallest.pk


def _has(store: Store, blob: UUID) -> bool:
    with suppress(BlobMissing):
        store.get(blob)
        return True
    return False
