"""Turning a photograph by hand, for an original that lies on its side. The original's bytes stay."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from beside.people.models import Account
from beside.photos.hidden import require_holder
from beside.photos.models import Photo


@transaction.atomic
def turn(photo: Photo, quarters: int, *, by: Account) -> None:
    """Turn it by so many quarters clockwise (fewer than 0: the other way). Raises `NotYours`.

    A worker makes its renditions anew soon; until then readers see them as they were.
    """
    require_holder(photo, account=by)
    Photo.objects.filter(pk=photo.pk).update(quarters=(F("quarters") + quarters % 4) % 4)
