"""Letters in a list: of each its opening, and one fold or one photograph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from beside.access.door import state
from beside.access.policy import SeenPost, Sight, Viewer
from beside.index.sentences import Sentence
from beside.photos.models import Photo
from beside.posts import markup
from beside.posts.models import Facet, PlacedPhoto
from beside.querysets.prepared import prepared
from beside.web import safe_html
from beside.web.pages import photographs
from beside.web.pages.content_preferences import Question, about
from beside.web.pages.door import DoorSummary, door_summary
from beside.web.pages.letter import Fold, Writer, fold_of, title_of, writers_of, written_on
from beside.web.pages.people import in_a_row
from beside.web.pages.photographs import Print

# Characters of a letter's first passage; the whole of it is one link away.
_LONGEST_OPENING = 1200


@dataclass(frozen=True)
class Entry:
    """A letter in a list: its opening, and one fold or one photograph."""

    id: UUID
    title: str
    by: Sequence[Writer]
    about_when: str
    written_on: date | None
    state: str
    lang: str
    opening: SafeString
    goes_on: bool
    # Instead of the opening, where something was looked for.
    sentence: Sentence = ()
    fold: Fold | None = None
    door_summary: DoorSummary | None = None
    print: Print | None = None


def entries(
    posts: Sequence[SeenPost],
    viewer: Viewer,
    *,
    at: datetime,
    asks: Mapping[UUID, list[Facet]] = MappingProxyType({}),
    with_photographs: bool = True,
) -> list[Entry | Question]:
    """`posts` as entries, with a fixed number of queries; those in `asks` are replaced by the question.

    Not `with_photographs`, they have neither a photograph nor a fold.
    """
    met = [one for one in posts if one.pk not in asks]
    if not with_photographs:
        for one in met:
            one.sight = Sight.WORDS if one.sight > Sight.DOOR else one.sight
    shown = {one.id: one for one in _entries(met, viewer, at)}
    closed = questions(asks)
    return [shown.get(post.pk) or closed[post.pk] for post in posts]


def questions(asks: Mapping[UUID, list[Facet]]) -> dict[UUID, Question]:
    """The question in place of each letter in `asks`."""
    writers = writers_of(asks) if asks else {}
    return {
        post: Question(post, in_a_row([one.name for one in writers[post]]), about(facets))
        for post, facets in asks.items()
    }


def _entries(posts: Sequence[SeenPost], viewer: Viewer, at: datetime) -> list[Entry]:
    ids = [post.pk for post in posts]
    writers, ready = writers_of(ids), ready_ids(posts)
    # Home doesn't show authors their own photographs unasked.
    mine = {post for post in ids if any(one.id == viewer.account for one in writers[post])}
    firsts = [
        ready[post.pk][0]
        for post in posts
        if _is_open(post) and ready[post.pk] and post.pk not in mine
    ]
    prints = photographs.singly(firsts, viewer, at=at, met=Sight.PHOTOGRAPHS)
    doors = _door_summary(
        [post for post in posts if post.sight == Sight.DOOR], writers, ready, viewer, at
    )
    return [
        _entry(post, writers[post.pk], ready[post.pk], prints, doors.get(post.pk)) for post in posts
    ]


def _door_summary(
    posts: Sequence[SeenPost],
    writers: Mapping[UUID, list[Writer]],
    ready: Mapping[UUID, list[UUID]],
    viewer: Viewer,
    at: datetime,
) -> dict[UUID, DoorSummary]:
    met = state.statuses_at(posts, viewer, at=at)
    return {
        post.pk: door_summary(
            post, [one.name for one in writers[post.pk]], len(ready[post.pk]), met[post.pk]
        )
        for post in posts
    }


def ready_ids(posts: Sequence[SeenPost]) -> dict[UUID, list[UUID]]:
    """The ids of the developed photographs of each post, in order.

    The state is compared here and not in the query, where SQLite's plan would start from every
    developed photograph there is.
    """
    may_know = [post.pk for post in posts if post.sight >= Sight.DOOR]
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for post, photo, photo_state in _placed.every(may_know):
        if photo_state == Photo.State.READY:
            found[post].append(photo)
    return found


@prepared
def _placed(posts: list[UUID]) -> QuerySet[PlacedPhoto, Any]:
    placed = PlacedPhoto.objects.filter(post__in=posts).order_by("position")
    return placed.values_list("post_id", "photo_id", "photo__state")


def _is_open(post: SeenPost) -> bool:
    return post.sight == Sight.PHOTOGRAPHS and not post.veiled


def _entry(
    post: SeenPost,
    writers: list[Writer],
    ready: list[UUID],
    prints: dict[UUID, Print],
    door_summary: DoorSummary | None,
) -> Entry:
    opening = markup.opening(post.words)
    shown = Truncator(opening).chars(_LONGEST_OPENING)
    first = prints.get(ready[0]) if ready else None
    is_folded = post.sight == Sight.VEIL
    in_the_list = 1 if first or is_folded else 0
    return Entry(
        id=post.pk,
        title=title_of(post),
        by=writers,
        about_when=post.about_when,
        written_on=written_on(post),
        state=post.state,
        lang=post.language,
        opening=safe_html.clean(markup.html(shown)),
        goes_on=len(shown) < len(post.words.strip())
        or (len(ready) > in_the_list and not door_summary),
        fold=fold_of(post, writers, len(ready)) if is_folded else None,
        door_summary=door_summary,
        print=first,
    )
