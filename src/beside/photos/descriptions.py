"""The description and caption of a photograph in the drawer."""

from __future__ import annotations

from beside.people.models import Account
from beside.photos.hidden import require_holder
from beside.photos.models import Photo


def describe(photo: Photo, *, by: Account, description: str, caption: str) -> None:
    """Save both. They stay with the photograph when it is put in a letter. Raises `NotYours`.

    A photograph that is in a letter is described in the editor, which keeps earlier versions.
    """
    require_holder(photo, account=by)
    Photo.objects.filter(pk=photo.pk).update(
        description=description.strip()[:4000], caption=caption.strip()[:4000]
    )
