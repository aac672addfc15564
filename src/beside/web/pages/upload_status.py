"""How each photograph on its way stands, in words that are true: still on your phone, or safely here."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from beside.people.models import Account
from beside.photos.intake import Notice, Refusal, sentence
from beside.photos.models import Photo

State = dict[str, str]


def states(account: Account, asked: Iterable[str]) -> list[State]:
    """How those photographs of `account` stand. An id that isn't theirs is left out."""
    return states_of(Photo.objects.filter(uploader=account), asked)


def states_of(photos: QuerySet[Photo], asked: Iterable[str]) -> list[State]:
    """The same, of `photos`."""
    ids = []
    for text in asked:
        with suppress(ValueError):
            ids.append(UUID(text))
    return [
        {"id": str(photo.pk), "state": photo.state, "says": says(photo)}
        for photo in photos.filter(pk__in=ids).order_by("uploaded_at", "pk")
    ]


def says(photo: Photo) -> str:
    """The sentence for where a photograph is on its way."""
    if photo.state == Photo.State.RECEIVING:
        return _("It’s on its way. Until all of it is here, keep it on your phone.")
    if photo.state == Photo.State.RECEIVED:
        return _("It’s safely here, and is being made ready.")
    if photo.state == Photo.State.REFUSED:
        return sentence(Refusal(photo.refusal))
    return sentence(Notice(photo.notice)) if photo.notice else ""
