"""The drawer, as its owner sees it: small photographs with their words and states, and unpublished letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from beside.access import capability
from beside.access.policy import NothingToSee, SeenPhoto, with_openness
from beside.people.models import Account
from beside.photos.models import HiddenPhoto, Hold, Photo
from beside.posts import drafting
from beside.posts.models import Post
from beside.web.forms.drawer import WordsForm
from beside.web.http.request import Request
from beside.web.pages import upload_status

PAGE = 48
SMALL = "w480"


@dataclass(frozen=True)
class Kept:
    """One photograph in the drawer. `address` is empty while it may not be shown."""

    id: UUID
    name: str
    state: str
    says: str
    address: str
    width: int | None
    height: int | None
    is_closed: bool
    has_original: bool
    put_in_by: str
    form: WordsForm

    @property
    def is_here(self) -> bool:
        """Whether it has arrived and wasn't refused."""
        return self.state in (Photo.State.RECEIVED, Photo.State.READY)


@dataclass(frozen=True)
class DrawerPage:
    """A page of the drawer; `last` is its last photograph if there are older ones."""

    photographs: Sequence[Kept]
    last: Photo | None
    letters: Sequence[Post]


def drawer_page(request: Request, *, before: Photo | None, at: datetime) -> DrawerPage:
    """The photographs put here before `before`, and the letters that only their authors see."""
    photos, last = page_of(request.account, before=before)
    return DrawerPage(
        photographs=kept(request, photos, at=at),
        last=last,
        letters=list(drafting.kept_by(request.account)[:PAGE]),
    )


def in_drawer(account: Account) -> QuerySet[Photo]:
    """The photographs that `account` holds, or that were refused, and that are in no letter. Newest first."""
    held = Hold.objects.filter(account=account, kind=Hold.Kind.ORIGINAL)
    mine = Q(holds__in=held) | Q(uploader=account, state=Photo.State.REFUSED)
    lying = Photo.objects.filter(mine, placed=None, portrait=None).distinct()
    return lying.order_by("-uploaded_at", "-pk")


def page_of(account: Account, *, before: Photo | None) -> tuple[list[Photo], Photo | None]:
    """A page of the drawer, and the last photograph on it if there are older ones."""
    photos = in_drawer(account)
    if before is not None:
        older = Q(uploaded_at=before.uploaded_at, pk__lt=before.pk)
        photos = photos.filter(Q(uploaded_at__lt=before.uploaded_at) | older)
    found = list(photos[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1] if len(found) > PAGE else None


def own(account: Account, photo_id: UUID) -> Photo:
    """A photograph of the drawer; raises `NothingToSee`."""
    photo = in_drawer(account).filter(pk=photo_id).first()
    if photo is None:
        raise NothingToSee
    return photo


def kept(request: Request, photos: list[Photo], *, at: datetime) -> list[Kept]:
    """The photographs for the page, in the same order."""
    ids = [photo.pk for photo in photos]
    photographs = Photo.objects.filter(pk__in=ids).select_related("deposited_through")
    seen = {photo.pk: photo for photo in with_openness(photographs, request.viewer, at=at)}
    closed = HiddenPhoto.objects.filter(account=request.account, photo__in=ids)
    held = Hold.objects.filter(account=request.account, photo__in=ids, kind=Hold.Kind.ORIGINAL)
    closed_ids = set(closed.values_list("photo_id", flat=True))
    held_ids = set(held.values_list("photo_id", flat=True))
    return [
        _kept(request, seen[pk], is_closed=pk in closed_ids, is_held=pk in held_ids, at=at)
        for pk in ids
        if pk in seen  # One may have been destroyed meanwhile.
    ]


def _kept(
    request: Request, photo: SeenPhoto, *, is_closed: bool, is_held: bool, at: datetime
) -> Kept:
    address = ""
    if photo.is_open:
        address = capability.issue(photo, SMALL, viewer=request.viewer, at=at)
    words = {"description": photo.description, "caption": photo.caption}
    return Kept(
        id=photo.pk,
        name=photo.name_on_phone,
        state=photo.state,
        says=upload_status.says(photo),
        address=address,
        width=photo.width,
        height=photo.height,
        is_closed=is_closed,
        has_original=is_held and photo.state != Photo.State.RECEIVING,
        put_in_by=_put_in_by(request, photo),
        form=WordsForm(initial=words, auto_id=f"id_{photo.pk}_%s"),
    )


def _put_in_by(request: Request, photo: Photo) -> str:
    """The name on the link that it came through; only the link's keeper is told."""
    link = photo.deposited_through
    return link.name if link and link.keeper_id == request.account.pk else ""
