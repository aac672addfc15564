"""Who has looked at a letter or a response: the moderators' looks, for those whom they concern."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from beside.access import trail
from beside.access.models import TrailEntry
from beside.people.models import Account
from beside.posts.authorship import name_of
from beside.posts.models import Post
from beside.responses.models import Response
from beside.web import numbers


@dataclass(frozen=True)
class Line:
    """One look: what was shown to whom, when, and the reason that was written down first."""

    who: str
    what: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class LooksPage:
    """Every look at one letter, newest first; `post` is None for a response. `is_own` if the reader wrote the response."""

    lines: Sequence[Line]
    post: Post | None = None
    response: UUID | None = None
    is_own: bool = False


def looks_page(post: Post) -> LooksPage:
    """The page of `post`, for one of its authors."""
    order = post.placed.order_by("position").values_list("photo", flat=True)
    places = {photo: numbers.ordinal(place) for place, photo in enumerate(order, 1)}
    return LooksPage(_lines(trail.of_post(post.pk), places), post)


def response_looks_page(response: Response, reader: Account) -> LooksPage:
    """The page of `response`, for `reader`, whom it concerns."""
    lines = _lines(trail.of_response(response.pk), {})
    return LooksPage(lines, response=response.pk, is_own=response.writer_id == reader.pk)


def _lines(entries: Iterable[TrailEntry], places: Mapping[UUID, str]) -> list[Line]:
    found = list(entries)
    people = Account.objects.filter(pk__in={one.moderator for one in found})
    names = {one.pk: name_of(one) for one in people.select_related("profile")}
    return [_line(one, names, places) for one in found]


def _line(entry: TrailEntry, names: Mapping[UUID, str], places: Mapping[UUID, str]) -> Line:
    who = names.get(entry.moderator) or _("Somebody who isn’t here any more")
    return Line(who, _what(entry.photo, places), entry.at, entry.reason)


def _what(photo: UUID | None, places: Mapping[UUID, str]) -> str:
    if photo is None:
        return _("The words")
    if photo in places:
        return _("%s photograph") % places[photo]
    return _("A photograph that isn’t in it any more")
