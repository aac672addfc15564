"""Open photographs on a page: each with its addresses, and pairs as their author laid them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from beside.access import capability
from beside.access.policy import SeenPhoto, Viewer, with_openness
from beside.photos.models import Photo
from beside.web.pages.prints import Added, Print, srcset

# The first is on the screen at once; the others are asked for as they come near.
_AT_ONCE = 1


@dataclass(frozen=True, eq=False)
class Laid:
    """One photograph, or two beside each other. `numbers` are those of the letter's words."""

    prints: tuple[Print, ...]
    numbers: tuple[int, ...]

    @property
    def is_pair(self) -> bool:
        """Whether two stand beside each other."""
        return len(self.prints) > 1


def groups(
    photos: Sequence[SeenPhoto],
    viewer: Viewer,
    *,
    added: Mapping[UUID, Sequence[Added]],
    at: datetime,
) -> list[Laid]:
    """Open photographs of a post, in order, in ones and twos."""
    together: list[list[SeenPhoto]] = []
    for photo in photos:
        if photo.placed.beside_previous and together and len(together[-1]) == 1:
            together[-1].append(photo)
        else:
            together.append([photo])
    return [
        Laid(
            tuple(
                print_of(
                    photo,
                    viewer,
                    added=added.get(photo.pk, ()),
                    paired=len(group) > 1,
                    lazy=place >= _AT_ONCE,
                    at=at,
                )
                for photo in group
            ),
            tuple(photo.placed.number for photo in group),
        )
        for place, group in enumerate(together)
    ]


def singly(photos: QuerySet[Photo], viewer: Viewer, *, at: datetime, met: int) -> dict[UUID, Print]:
    """Each of `photos` that is open to `viewer`, by id, without what was said of it later.

    `met` is the sight that the viewer has of the posts in which they all lie.
    """
    seen = with_openness(photos, viewer, at=at, met=met).prefetch_related("renditions")
    return {photo.pk: print_of(photo, viewer, lazy=True, at=at) for photo in seen if photo.is_open}


def print_of(
    photo: SeenPhoto,
    viewer: Viewer,
    *,
    added: Sequence[Added] = (),
    paired: bool = False,
    lazy: bool = False,
    at: datetime,
) -> Print:
    """One open photograph, its addresses good for this visit. Raises `PhotographNotOpen` for any other."""
    addresses = {
        rendition.name: (
            capability.issue(photo, rendition.name, viewer=viewer, at=at),
            rendition.width,
        )
        for rendition in sorted(photo.renditions.all(), key=lambda one: one.width)
    }
    jpeg = addresses.pop("jpeg", ("", 0))[0]
    return Print(
        jpeg=jpeg or next(iter(addresses.values()), ("", 0))[0],
        avif=srcset(list(addresses.values())),
        width=photo.width or 1,
        height=photo.height or 1,
        alt=photo.description,
        caption=photo.caption,
        added=tuple(added),
        paired=paired,
        lazy=lazy,
    )
