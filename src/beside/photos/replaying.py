"""Repeating, in a restored database, what people have hidden and which deposit links they have ended since, and developing what is incomplete."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db.models import QuerySet

from beside.people.models import Narrowing
from beside.photos import removal
from beside.photos.models import DepositLink, HiddenPhoto, Hold, Photo, Rendition

Subject = Mapping[str, str]
_AT_ONCE = 500


def replay(kind: str, subject: Subject, *, at: datetime) -> None:
    """Repeat one narrowing of photographs. Other kinds, and those of rows that don't exist, are ignored."""
    if kind == Narrowing.Kind.DEPOSIT_ENDED:
        _end_deposits(subject, at)
    elif kind == Narrowing.Kind.HIDDEN:
        _hold_unseen(subject, at)


def wait_again(photos: QuerySet[Photo]) -> int:
    """Have those of `photos` that are READY wait to be developed again. Returns how many."""
    again = list(photos.filter(state=Photo.State.READY).values_list("pk", flat=True).distinct())
    for some in _batches(again):
        removal.delete_renditions(Rendition.objects.filter(photo__in=some))
        Photo.objects.filter(pk__in=some).update(
            state=Photo.State.RECEIVED, attempts=0, leased_until=None
        )
    return len(again)


def develop_again(missing: Collection[UUID]) -> int:
    """Have photographs wait to be developed again that want one of the files `missing`, and whose originals don't. Returns how many."""
    again = 0
    for some in _batches(missing):
        incomplete = Photo.objects.filter(
            renditions__in=some, holds__kind=Hold.Kind.ORIGINAL
        ).distinct()
        whole = [
            photo.pk
            for photo in incomplete.prefetch_related("original_pieces")
            if not {photo.original_blob, *(one.pk for one in photo.original_pieces.all())}
            & set(missing)
        ]
        again += wait_again(Photo.objects.filter(pk__in=whole))
    return again


def _batches(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    rest = iter(ids)
    while some := list(islice(rest, _AT_ONCE)):
        yield some


def _end_deposits(subject: Subject, at: datetime) -> None:
    """End the link, also if it only got a new secret, since this database has the old one."""
    links = DepositLink.objects.filter(pk=UUID(subject["link"]), ended_at=None)
    links.update(ended_at=at)


def _hold_unseen(subject: Subject, at: datetime) -> None:
    photo, account = UUID(subject["photo"]), UUID(subject["account"])
    if Hold.objects.filter(photo=photo, account=account, kind=Hold.Kind.ORIGINAL).exists():
        HiddenPhoto.objects.get_or_create(
            photo_id=photo, account_id=account, defaults={"since": at}
        )
