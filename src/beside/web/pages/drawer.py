"""Photographs as their holder meets them in the drawer: small, with their words, and how they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from beside.access import capability
from beside.access.policy import NothingToSee, SeenPhoto, with_openness
from beside.people.models import Account
from beside.photos.models import HiddenPhoto, Hold, Photo
from beside.web.forms.drawer import WordsForm
from beside.web.http.request import Request
from beside.web.pages import upload_status

PAGE = 48
SMALL = "w480"


@dataclass(frozen=True)
class Kept:
    """One photograph in the drawer. `address` is empty while nothing of it may be shown."""

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
        """Whether it has arrived and was not refused."""
        return self.state in (Photo.State.RECEIVED, Photo.State.READY)


def in_drawer(account: Account) -> QuerySet[Photo]:
    """The photographs that `account` holds, or tried to put here, and that lie in no letter. Newest first."""
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
    """The photographs as the page shows them, in the same order."""
    ids = [photo.pk for photo in photos]
    photographs = Photo.objects.filter(pk__in=ids).select_related("deposited_through")
    seen = with_openness(photographs, request.viewer, at=at)
    open_ones = {photo.pk: photo for photo in seen}
    closed = set(
        HiddenPhoto.objects.filter(account=request.account, photo__in=ids).values_list(
            "photo_id", flat=True
        )
    )
    held = set(
        Hold.objects.filter(
            account=request.account, photo__in=ids, kind=Hold.Kind.ORIGINAL
        ).values_list("photo_id", flat=True)
    )
    return [
        _kept(
            request,
            open_ones[photo.pk],
            is_closed=photo.pk in closed,
            has_original=photo.pk in held,
            at=at,
        )
        for photo in photos
    ]


def _kept(
    request: Request, photo: SeenPhoto, *, is_closed: bool, has_original: bool, at: datetime
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
        has_original=has_original and photo.state != Photo.State.RECEIVING,
        put_in_by=_put_in_by(request, photo),
        form=WordsForm(initial=words, auto_id=f"id_{photo.pk}_%s"),
    )


def _put_in_by(request: Request, photo: Photo) -> str:
    """What the keeper of a link called whoever put it in; another holder of the photograph isn't told."""
    link = photo.deposited_through
    return link.name if link and link.keeper_id == request.account.pk else ""
