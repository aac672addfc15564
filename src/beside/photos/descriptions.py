"""The description and caption of a photograph in the drawer."""

from __future__ import annotations

from beside.index import texts
from beside.people.models import Account
from beside.photos.hidden import require_holder
from beside.photos.models import Photo


def describe(photo: Photo, *, by: Account, description: str, caption: str) -> None:
    """Save both. They stay with the photograph when it is put in a letter. Raises `NotYours`.

    A photograph that is in a letter is described in the editor, which keeps earlier versions.
    """
    require_holder(photo, account=by)
    description, caption = description.strip()[:4000], caption.strip()[:4000]
    Photo.objects.filter(pk=photo.pk).update(description=description, caption=caption)
    texts.put_photograph(photo.pk, f"{caption}\n\n{description}")
