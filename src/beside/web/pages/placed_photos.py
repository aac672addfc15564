"""The page of one photograph of a letter that is being written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from beside.access import capability
from beside.access.policy import photographs_of
from beside.photos.models import Rendition
from beside.posts import autosave
from beside.posts.authorship import NotAnAuthor
from beside.posts.models import Post
from beside.web import numbers
from beside.web.forms.placed_photos import PlacedPhotoForm, initial
from beside.web.http.request import Request
from beside.web.pages.tray import Tile, tiles_of

LARGE = "w1080"


@dataclass(frozen=True)
class PlacedPhotoPage:
    """The page of one photograph. `place` counts from 1 among `count`; `before` and `after` are its neighbours."""

    post_id: UUID
    tile: Tile
    form: PlacedPhotoForm
    address: str
    place: int
    count: int
    before: Tile | None
    after: Tile | None
    kept: str

    @property
    def among(self) -> str:
        """The label of its place."""
        return _("Its place among the %(number)s") % {"number": numbers.in_words(self.count)}


@dataclass(frozen=True)
class SavedPhoto:
    """What autosave.js is told after saving one photograph's words. `says` is why they weren't saved."""

    version: str
    kept: str
    says: str
    beside: bool
    page: str


def placed_photo_page(
    request: Request,
    post: Post,
    photo_id: UUID,
    *,
    at: datetime,
    typed: PlacedPhotoForm | None = None,
) -> PlacedPhotoPage:
    """The page of one photograph; as it was `typed`, where the form has errors. Raises `NotAnAuthor`."""
    says = autosave.current_text(post, by=request.account)
    tiles = tiles_of(request, post, says, at=at)
    place = next((place for place, tile in enumerate(tiles) if tile.id == photo_id), None)
    if place is None:
        raise NotAnAuthor
    tile = tiles[place]
    return PlacedPhotoPage(
        post_id=post.pk,
        tile=tile,
        form=typed or PlacedPhotoForm(initial=initial(tile.words, place=place + 1)),
        address=_large(request, post, tile, at=at),
        place=place + 1,
        count=len(tiles),
        before=tiles[place - 1] if place else None,
        after=tiles[place + 1] if place + 1 < len(tiles) else None,
        kept=_kept_in_words(tile),
    )


def _large(request: Request, post: Post, tile: Tile, *, at: datetime) -> str:
    """The address of a print as wide as the page, or of the small one if there is none."""
    if not tile.address:
        return ""
    if not Rendition.objects.filter(photo=tile.id, name=LARGE).exists():
        return tile.address
    photo = photographs_of(post, request.viewer, at=at).filter(pk=tile.id).first()
    if photo is None or not photo.is_open:
        return ""
    return capability.issue(photo, LARGE, viewer=request.viewer, at=at)


def _kept_in_words(tile: Tile) -> str:
    if tile.is_here:
        return _("On the server ✓")
    if tile.state == "coming":
        return _("It hasn’t all come yet. You can already write about it.")
    return tile.reason
