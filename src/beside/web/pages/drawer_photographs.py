"""Photographs of the drawer: each as a small print, with its state, or larger on a sheet with its words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from beside.access import capability
from beside.access.policy import NothingToSee, SeenPhoto, with_openness
from beside.people.models import Account
from beside.people.names import isolated
from beside.photos import duplicates, hidden, originals
from beside.photos.models import HiddenPhoto, Hold, Photo, Rendition
from beside.web.forms.drawer import WordsForm
from beside.web.http.request import Request
from beside.web.pages import upload_status

SMALL, LARGE = "w480", "w1080"
HERE = (Photo.State.RECEIVED, Photo.State.READY)


@dataclass(frozen=True)
class Kept:
    """One photograph with its state, as it is shown when it has just arrived or wasn't kept.

    `name` is its file's, empty once it has arrived and is hidden from its owner. `is_repeated`: its owner
    had put the same file here before.
    """

    id: UUID
    name: str
    state: str
    says: str
    address: str
    width: int | None
    height: int | None
    is_closed: bool
    has_original: bool
    form: WordsForm
    is_repeated: bool
    is_turning: bool

    @property
    def is_here(self) -> bool:
        """Whether it has arrived and wasn't refused."""
        return self.state in HERE


@dataclass(frozen=True)
class Print:
    """One small print. `address` is empty while it may not be shown, or isn't ready yet.

    `is_repeated`: its owner had put the same file here before.
    """

    id: UUID
    address: str
    width: int | None
    height: int | None
    description: str
    added_at: datetime
    is_chosen: bool = False
    is_repeated: bool = False
    is_turning: bool = False


@dataclass(frozen=True)
class SheetPage:
    """One photograph of the drawer. While it is hidden, nothing is told of it. `then` are those to go on with."""

    id: UUID
    is_hidden: bool
    print: Print | None
    put_in_by: str
    form: WordsForm
    then: Sequence[UUID]


@dataclass(frozen=True)
class OriginalsPage:
    """Originals to download: those that may be, and how many bytes they have together."""

    photographs: Sequence[Kept]
    total_bytes: int


def originals_page(request: Request, photos: Sequence[Photo], *, at: datetime) -> OriginalsPage:
    """Those of `photos` whose originals the account may download."""
    available = originals.available_to(request.account).in_bulk([photo.pk for photo in photos])
    return OriginalsPage(
        photographs=kept(request, [one for one in photos if one.pk in available], at=at),
        total_bytes=sum(photo.original_bytes for photo in available.values()),
    )


def sheet_page(request: Request, photo: Photo, *, then: Sequence[Photo], at: datetime) -> SheetPage:
    """The sheet of `photo`, which lies in the drawer."""
    is_hidden = bool(hidden.hidden_from(request.account, [photo.pk]))
    # A small photograph has no large rendition.
    has_large = Rendition.objects.filter(photo=photo, name=LARGE).exists()
    size = LARGE if has_large else SMALL
    large = None if is_hidden else prints_of(request, [photo.pk], at=at, size=size)[photo.pk]
    link = photo.deposited_through
    is_mine = link is not None and link.keeper_id == request.account.pk
    words = {"description": photo.description, "caption": photo.caption}
    return SheetPage(
        id=photo.pk,
        is_hidden=is_hidden,
        print=large,
        put_in_by=isolated(link.name) if link and is_mine and not is_hidden else "",
        form=WordsForm(initial={} if is_hidden else words),
        then=[one.pk for one in then],
    )


def in_drawer(account: Account) -> QuerySet[Photo]:
    """The photographs that `account` holds, or that were refused, and that are in no letter. Newest first."""
    held = Hold.objects.filter(account=account, kind=Hold.Kind.ORIGINAL)
    mine = Q(holds__in=held) | Q(uploader=account, state=Photo.State.REFUSED)
    lying = Photo.objects.filter(mine, placed=None, portrait=None).distinct()
    return lying.order_by("-uploaded_at", "-pk")


def own(account: Account, photo_id: UUID) -> Photo:
    """A photograph of the drawer; raises `NothingToSee`."""
    photo = in_drawer(account).select_related("deposited_through").filter(pk=photo_id).first()
    if photo is None:
        raise NothingToSee
    return photo


def own_all(account: Account, texts: Iterable[str]) -> list[Photo]:
    """The photographs of the drawer with these ids, as they were typed or sent; raises `NothingToSee`."""
    try:
        ids = [UUID(text) for text in texts]
    except ValueError:
        raise NothingToSee from None
    found = in_drawer(account).select_related("deposited_through").in_bulk(ids)
    if not found.keys() >= {*ids}:
        raise NothingToSee
    return [found[pk] for pk in ids]


def kept(request: Request, photos: list[Photo], *, at: datetime) -> list[Kept]:
    """The photographs with their states, in the same order."""
    ids = [photo.pk for photo in photos]
    seen = {
        photo.pk: photo
        for photo in with_openness(Photo.objects.filter(pk__in=ids), request.viewer, at=at)
    }
    closed_ids = hidden.hidden_from(request.account, ids)
    held = Hold.objects.filter(account=request.account, photo__in=ids, kind=Hold.Kind.ORIGINAL)
    held_ids = set(held.values_list("photo_id", flat=True))
    repeated = duplicates.repeated(photos, by=request.account)
    return [
        _kept(
            request,
            seen[pk],
            is_closed=pk in closed_ids,
            is_held=pk in held_ids,
            is_repeated=pk in repeated,
            at=at,
        )
        for pk in ids
        if pk in seen  # One may have been destroyed meanwhile.
    ]


def everything(account: Account) -> QuerySet[Photo]:
    """The same as `in_drawer`, without its joins and order."""
    return Photo.objects.filter(pk__in=in_drawer(account).order_by().values("pk"))


def hidden_in_drawer(account: Account) -> list[UUID]:
    """Those hidden from their owner that have arrived. An id is random, so their order tells nothing."""
    closed = HiddenPhoto.objects.filter(account=account).values("photo")
    here = everything(account).filter(pk__in=closed, state__in=HERE)
    return list(here.order_by("pk").values_list("pk", flat=True))


def prints_of(
    request: Request,
    ids: Sequence[UUID],
    *,
    at: datetime,
    chosen: Collection[UUID] = (),
    size: str = SMALL,
) -> dict[UUID, Print]:
    """The photographs with these ids as prints, in the rendition `size`."""
    seen = list(with_openness(Photo.objects.filter(pk__in=ids), request.viewer, at=at))
    repeated = duplicates.repeated(seen, by=request.account)
    return {
        photo.pk: Print(
            id=photo.pk,
            address=_address(request, photo, size, at=at),
            width=photo.width,
            height=photo.height,
            description=photo.description if photo.is_open else "",
            added_at=photo.uploaded_at,
            is_chosen=photo.pk in chosen,
            is_repeated=photo.pk in repeated,
            is_turning=photo.is_turning,
        )
        for photo in seen
    }


def _kept(
    request: Request,
    photo: SeenPhoto,
    *,
    is_closed: bool,
    is_held: bool,
    is_repeated: bool,
    at: datetime,
) -> Kept:
    words = {"description": photo.description, "caption": photo.caption}
    tells_nothing = is_closed and photo.state != Photo.State.RECEIVING
    return Kept(
        id=photo.pk,
        name="" if tells_nothing else photo.name_on_phone,
        state=photo.state,
        says=upload_status.says(photo),
        address=_address(request, photo, SMALL, at=at),
        width=photo.width,
        height=photo.height,
        is_closed=is_closed,
        has_original=is_held and photo.state != Photo.State.RECEIVING,
        form=WordsForm(initial={} if tells_nothing else words, auto_id=f"id_{photo.pk}_%s"),
        is_repeated=is_repeated,
        is_turning=photo.is_turning,
    )


def _address(request: Request, photo: SeenPhoto, size: str, *, at: datetime) -> str:
    if not photo.is_open:
        return ""
    return capability.issue(photo, size, viewer=request.viewer, at=at)
