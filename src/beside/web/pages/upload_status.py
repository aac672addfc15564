"""The state of an upload in words that are true: still on your phone, or safely here."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from beside.photos.intake import Notice, Refusal, sentence
from beside.photos.models import Photo

# A page asks only about the photographs that were picked on it.
ASKED_AT_ONCE = 100


class State(NamedTuple):
    """One photograph's state, and the sentence for it."""

    id: str
    state: str
    says: str


def states(photos: QuerySet[Photo], asked: Iterable[str]) -> list[State]:
    """The states of those of `photos` whose ids are `asked`. Other ids are left out."""
    ids = []
    for text in islice(asked, ASKED_AT_ONCE):
        with suppress(ValueError):
            ids.append(UUID(text))
    return [
        State(str(photo.pk), photo.state, says(photo))
        for photo in photos.filter(pk__in=ids).order_by("uploaded_at", "pk")
    ]


def says(photo: Photo) -> str:
    """The sentence for a photograph's state; empty where there is nothing to say."""
    if photo.state == Photo.State.RECEIVING:
        return _("It’s on its way. Until all of it is here, keep it on your phone.")
    if photo.state == Photo.State.RECEIVED:
        return _("It’s safely here, and is being made ready.")
    if photo.state == Photo.State.REFUSED:
        return sentence(Refusal(photo.refusal))
    if photo.is_turning:
        return _("It’s being turned.")
    return sentence(Notice(photo.notice)) if photo.notice else ""
