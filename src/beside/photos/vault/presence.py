"""Whether the store that the settings name is the one that this place's photographs are in.

A disk that isn't mounted looks like an empty store, and another node's or another place's store like a full one. What is
uploaded into either is lost to everybody else, and what lies in it is swept.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from itertools import chain
from uuid import UUID

from django.db.models import Exists, OuterRef

from beside.photos.models import Hold, Photo, Rendition
from beside.photos.vault.store import BlobMissing, Store

# Some may be lost, the newest of them above all, or be destroyed or turned by another node meanwhile; not all of so many.
NEWEST = OLDEST = 10
# Of fewer, all may be lost at once.
_ENOUGH = 5


def lacks_photographs(store: Store, *, after: datetime | None) -> bool:
    """Whether `store` has none of the newest and oldest photographs, of those put in `after`, that readers can be sent.

    Where there are only a few, it must have nothing else either. Raises `OSError` where it doesn't answer.
    """
    looked: set[UUID] = set()
    for blob in _newest_and_oldest(after):
        if _has(store, blob):
            return False
        looked.add(blob)
    if not looked:
        return False
    if len(looked) < _ENOUGH and next(store.ids(), None):
        return False
    return Rendition.objects.filter(pk__in=looked).exists()


def _newest_and_oldest(after: datetime | None) -> Iterator[UUID]:
    """The smallest file of each."""
    shown = Hold.objects.filter(photo=OuterRef("pk"), kind=Hold.Kind.SHOWN)
    photos = Photo.objects.filter(Exists(shown), state=Photo.State.READY)
    if after is not None:
        photos = photos.filter(uploaded_at__gt=after)
    newest, oldest = (
        photos.order_by("-uploaded_at")[:NEWEST],
        photos.order_by("uploaded_at")[:OLDEST],
    )
    for photo in chain(newest, oldest):
        smallest = photo.renditions.order_by("stored_bytes").first()
        if smallest is not None:
            yield smallest.pk


def _has(store: Store, blob: UUID) -> bool:
    with suppress(BlobMissing):
        store.get(blob)
        return True
    return False
