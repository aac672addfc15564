"""The words of a photograph that lies in the drawer: what can be seen in it, and what stands under it."""

from __future__ import annotations

from beside.people.models import Account
from beside.photos.hidden import require_holder
from beside.photos.models import Photo


def describe(photo: Photo, *, by: Account, description: str, caption: str) -> None:
    """Keep both; a letter that it lies in later takes them along. Raises `NotYours`.

    A photograph that lies in a letter is described there, where it can have a history.
    """
    require_holder(photo, account=by)
    Photo.objects.filter(pk=photo.pk).update(
        description=description.strip()[:4000], caption=caption.strip()[:4000]
    )
