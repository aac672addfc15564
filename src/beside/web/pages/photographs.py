"""Open photographs as a page shows them: their addresses, their sizes, and pairs side by side."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from beside.access import capability
from beside.access.policy import SeenPhoto, SeenPost, Sight, Viewer, photographs_of, with_openness
from beside.photos.models import Photo, Rendition
from beside.posts.models import Post
from beside.querysets.prepared import prepared

# The first is loaded at once; the others as they come near the screen.
_AT_ONCE = 1
# The shapes that the stylesheet knows: pairs get equal heights from it, with no inline style.
RATIOS = {
    "9x16": 9 / 16,
    "2x3": 2 / 3,
    "3x4": 3 / 4,
    "1x1": 1.0,
    "4x3": 4 / 3,
    "3x2": 3 / 2,
    "16x9": 16 / 9,
}
# The letter's column and the width to which opened photographs spread (design: 38rem, 57.5rem).
ALONE = "(width < 74rem) calc(100vw - 2.5rem), 57.5rem"
IN_A_PAIR = "(width < 42rem) calc(100vw - 2.5rem), (width < 74rem) 50vw, 28rem"


@dataclass(frozen=True)
class Added:
    """Something added later. `by` is a name; empty where the page says it already."""

    by: str
    on: date
    paragraphs: Sequence[str]


@dataclass(frozen=True)
class Print:
    """One open photograph. The addresses are capabilities; `width` and `height` are pixels.

    `turn` is its id where a button to turn it is offered; `is_turning` says that its turned print is being made.
    """

    jpeg: str
    avif: str
    width: int
    height: int
    alt: str
    caption: str = ""
    added: Sequence[Added] = ()
    paired: bool = False
    lazy: bool = False
    turn: UUID | None = None
    is_turning: bool = False

    @property
    def ratio(self) -> str:
        """The CSS class of its shape; only a pair needs one."""
        return nearest_ratio(self.width, self.height) if self.paired else ""

    @property
    def is_tall(self) -> bool:
        """Whether it would be taller than a screen at the full width of the page."""
        return not self.paired and self.height > self.width

    @property
    def sizes(self) -> str:
        """How wide it is shown, so that the browser can choose a rendition."""
        return IN_A_PAIR if self.paired else ALONE


@dataclass(frozen=True, eq=False)
class Row:
    """One photograph, or two side by side. `numbers` are the ones by which the words place them."""

    prints: tuple[Print, ...]
    numbers: tuple[int, ...]

    @property
    def is_pair(self) -> bool:
        """Whether there are two, side by side."""
        return len(self.prints) > 1


def groups(
    photos: Sequence[SeenPhoto],
    viewer: Viewer,
    *,
    added: Mapping[UUID, Sequence[Added]],
    turnable: Collection[UUID] = (),
    at: datetime,
) -> list[Row]:
    """Open photographs of a post, in order, as single ones and pairs. Those in `turnable` can be turned."""
    rows = []
    for place, group in enumerate(_together(photos)):
        prints = [
            print_of(
                photo,
                viewer,
                added=added.get(photo.pk, ()),
                paired=len(group) > 1,
                lazy=place >= _AT_ONCE,
                at=at,
            )
            for photo in group
        ]
        turns = [photo.pk if photo.pk in turnable else None for photo in group]
        turned = (replace(one, turn=turn) for one, turn in zip(prints, turns, strict=True))
        rows.append(Row(tuple(turned), tuple(photo.placed.number for photo in group)))
    return rows


def _together(photos: Sequence[SeenPhoto]) -> list[list[SeenPhoto]]:
    """The photographs, each alone or with the one that its author put beside it."""
    together: list[list[SeenPhoto]] = []
    for photo in photos:
        if photo.placed.beside_previous and together and len(together[-1]) == 1:
            together[-1].append(photo)
        else:
            together.append([photo])
    return together


def singly(
    photos: Collection[UUID], viewer: Viewer, *, at: datetime, met: Sight
) -> dict[UUID, Print]:
    """The prints of those among `photos` that are open to `viewer`, by id, without addenda.

    `met` is the viewer's sight of the posts that the photographs are in.
    """
    seen: list[SeenPhoto] = _among.every(viewer.account, viewer.session, at, list(photos), met)
    return {
        photo.pk: print_of(photo, viewer, lazy=True, at=at)
        for photo in with_renditions([one for one in seen if one.is_open])
    }


@prepared
def _among(
    account: UUID | None, session: str | None, at: datetime, photos: list[UUID], met: Sight
) -> QuerySet[SeenPhoto]:
    found = Photo.objects.filter(pk__in=photos)
    return with_openness(found, Viewer(account, session), at=at, met=met)


def ready(post: SeenPost, viewer: Viewer, *, at: datetime) -> list[SeenPhoto]:
    """The developed photographs of `post`; empty if `viewer` mustn't know whether there are any."""
    if post.sight < Sight.VEIL:
        return []
    met = Sight(post.sight)
    photos: list[SeenPhoto] = _ready.every(post.pk, viewer.account, viewer.session, at, met)
    with_renditions([photo for photo in photos if photo.is_open])
    return photos


@prepared
def _ready(
    post: UUID, account: UUID | None, session: str | None, at: datetime, met: Sight
) -> QuerySet[SeenPhoto]:
    photos = photographs_of(Post(pk=post), Viewer(account, session), at=at, met=met)
    return photos.filter(state=Photo.State.READY).select_related("placed")


def with_renditions(photos: list[SeenPhoto]) -> list[SeenPhoto]:
    """The same photographs with their renditions, as `prefetch_related` fetches them."""
    of_each: dict[UUID, list[Rendition]] = {photo.pk: [] for photo in photos}
    for rendition in _renditions.every(list(of_each)):
        of_each[rendition.photo_id].append(rendition)
    for photo in photos:
        photo._prefetched_objects_cache = {"renditions": of_each[photo.pk]}  # type: ignore[attr-defined]
    return photos


@prepared
def _renditions(photos: list[UUID]) -> QuerySet[Rendition]:
    return Rendition.objects.filter(photo__in=photos)


def print_of(
    photo: SeenPhoto,
    viewer: Viewer,
    *,
    added: Sequence[Added] = (),
    paired: bool = False,
    lazy: bool = False,
    at: datetime,
) -> Print:
    """One open photograph, with addresses that are valid for this visit. Raises `PhotographNotOpen` for any other."""
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
        is_turning=photo.is_turning,
    )


def nearest_ratio(width: int, height: int) -> str:
    """The shape in the stylesheet that is nearest to `width` by `height` pixels."""
    shape = width / height
    return min(RATIOS, key=lambda name: max(RATIOS[name] / shape, shape / RATIOS[name]))


def srcset(addresses: Sequence[tuple[str, int]]) -> str:
    """A `srcset` from (address, width in pixels)."""
    return ", ".join(f"{address} {width}w" for address, width in addresses)
