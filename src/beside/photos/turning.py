"""Turning a photograph by hand, for an original that lies on its side. The original's bytes stay."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import F

from beside.people.models import Account
from beside.photos.hidden import require_holder
from beside.photos.models import Hold, Photo


@transaction.atomic
def turn(photo: Photo, quarters: int, *, by: Account) -> None:
    """Turn `photo` by so many quarters clockwise; a negative number turns it the other way.

    A worker makes its renditions again soon; until then everyone sees them as they were. The addresses that
    readers have open then lead to the new ones. Raises `NotYours` unless `by` holds its original.
    """
    require_holder(photo, account=by)
    Photo.objects.filter(pk=photo.pk).update(quarters=(F("quarters") + quarters % 4) % 4)


def turnable(photos: Iterable[Photo], *, by: UUID | None) -> set[UUID]:
    """The ids of those of `photos` that the account `by` may turn."""
    ids = [photo.pk for photo in photos]
    held = Hold.objects.filter(photo__in=ids, account=by, kind=Hold.Kind.ORIGINAL)
    return set(held.values_list("photo_id", flat=True))
