"""Searching in what somebody may see: their own letters and photographs, letters that they were given, and the shelf.

What may be read is settled first, and words are looked for only in that. One's own texts and those that one was given are
read one by one; only letters on the shelf, whose words are for anyone, are in an index that everybody shares. So nothing
that is folded, behind a door or for others is ever compared with a word, and neither what is found nor how long that takes
can tell of it. Then the rule (`access.policy`) decides about everything that was found. Newest first; nothing is counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from beside.access import content_preferences, feeds, given, policy
from beside.access.content_preferences import ContentPreferences
from beside.access.feeds import NEWEST, PAGE, Cursor, Page
from beside.access.policy import SeenPhoto, SeenPost, Viewer
from beside.index import texts
from beside.index.analysis import Query
from beside.people.models import Account
from beside.photos.models import Photo
from beside.posts.authorship import written_by

_AT_ONCE = 1000
_NEWEST_OWN = ("-begun_at", "-pk")
_NEWEST_PHOTOGRAPHS = ("-uploaded_at", "-pk")


@dataclass(frozen=True, slots=True)
class Given:
    """A page of letters that somebody was given, with the photographs by whose captions some of them were found."""

    page: Page
    photos: Mapping[UUID, Sequence[UUID]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OwnPage:
    """Letters or photographs of one's own. `next_cursor` is None on the last page."""

    posts: Sequence[SeenPost] = ()
    photos: Sequence[SeenPhoto] = ()
    next_cursor: Cursor | None = None


def own_letters(
    account: Account, query: Query, viewer: Viewer, *, at: datetime, before: Cursor | None = None
) -> OwnPage:
    """The letters and drafts of `account` with all words of `query`, those begun last first."""
    mine = written_by(account).filter(_is_before("begun_at", before)).order_by(*_NEWEST_OWN)
    ids = list(islice(_with_words("post", _ids(mine), query), PAGE + 1))
    seen = list(policy.visible_to(viewer, at=at).filter(pk__in=ids).order_by(*_NEWEST_OWN))
    shown = seen[:PAGE]
    last = Cursor(shown[-1].begun_at, shown[-1].pk) if len(seen) > PAGE else None
    return OwnPage(posts=shown, next_cursor=last)


def own_photographs(
    query: Query, viewer: Viewer, *, at: datetime, before: Cursor | None = None
) -> OwnPage:
    """The photographs that `viewer` keeps, and hasn't hidden, about which all words of `query` are said."""
    mine = given.own_photographs(viewer).filter(_is_before("uploaded_at", before))
    ids = list(
        islice(_with_words("photo", _ids(mine.order_by(*_NEWEST_PHOTOGRAPHS)), query), PAGE + 1)
    )
    found = given.own_photographs(viewer).filter(pk__in=ids).order_by(*_NEWEST_PHOTOGRAPHS)
    found = found.select_related("placed__post")
    seen = list(policy.with_openness(found, viewer, at=at).filter(is_open=True))
    shown = seen[:PAGE]
    last = Cursor(shown[-1].uploaded_at, shown[-1].pk) if len(seen) > PAGE else None
    return OwnPage(photos=shown, next_cursor=last)


def letters_given(
    query: Query, viewer: Viewer, *, at: datetime, before: Cursor | None = None
) -> Given:
    """Letters of others with all words of `query`, in themselves or in a caption that lies open, newest first.

    `viewer`'s preferences leave letters out and ask before others as in every list.
    """
    preferences = content_preferences.preferences_of(viewer, at=at)
    candidates = _candidates(viewer, preferences, at=at, before=before)
    photos = _photographs_with(
        query, viewer, [one for one, is_open in candidates if is_open], at=at
    )
    elsewhere = _also(photos, dict(candidates), viewer, preferences, at=at, before=before)
    ids = _with_words("post", [one for one, _ in candidates], query, and_also=set(photos))
    seen: list[SeenPost] = []
    while len(seen) <= PAGE and (some := list(islice(ids, 3 * PAGE))):
        seen += feeds.first_visible(viewer, some, at=at)
    if elsewhere:
        seen = sorted([*seen, *elsewhere], key=lambda one: (one.published_at, one.pk), reverse=True)
    return Given(feeds.page_of(seen[: PAGE + 1], viewer, preferences), photos)


def photographs(ids: Collection[UUID]) -> list[Photo]:
    """The photographs that `letters_given` named, with the letters that they are in."""
    return list(Photo.objects.filter(pk__in=list(ids)).select_related("placed__post"))


def _candidates(
    viewer: Viewer, preferences: ContentPreferences, *, at: datetime, before: Cursor | None
) -> list[tuple[UUID, bool]]:
    """The letters that may be searched, newest first, each with whether it has no fold."""
    listed = feeds.in_lists(viewer, preferences, before=before)
    posts = given.letters_given_to(viewer, at=at).filter(listed).order_by(*NEWEST)
    return [(post, not veiled) for post, veiled in posts.values_list("pk", "veiled")]


def _also(
    photos: Mapping[UUID, Sequence[UUID]],
    candidates: Collection[UUID],
    viewer: Viewer,
    preferences: ContentPreferences,
    *,
    at: datetime,
    before: Cursor | None,
) -> list[SeenPost]:
    """Letters that nobody gave them, as on the shelf, in which they have opened a photograph whose caption has the words."""
    ids = [post for post in photos if post not in candidates]
    if not ids:
        return []
    listed = feeds.in_lists(viewer, preferences, before=before)
    found = policy.visible_to(viewer, at=at).filter(listed, pk__in=ids).order_by(*NEWEST)
    return list(found[: PAGE + 1])


def _photographs_with(
    query: Query, viewer: Viewer, unfolded: Sequence[UUID], *, at: datetime
) -> dict[UUID, list[UUID]]:
    """By letter, the photographs that lie open and about which all words are said."""
    letter_of = given.photographs_open_to(viewer, unfolded, at=at)
    found: dict[UUID, list[UUID]] = {}
    for photo in _with_words("photo", list(letter_of), query):
        found.setdefault(letter_of[photo], []).append(photo)
    return found


def _with_words(
    of: str, ids: Sequence[UUID], query: Query, *, and_also: Collection[UUID] = ()
) -> Iterator[UUID]:
    """Those of `ids`, in their order, whose text has all words, or that are in `and_also`. It reads these texts only."""
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        having = texts.texts().filter(texts.has_all(query), **{f"{of}__in": some})
        found = {*having.values_list(of, flat=True), *and_also}
        yield from (one for one in some if one in found)


def _ids(rows: QuerySet[Any, Any]) -> list[UUID]:
    return list(rows.values_list("pk", flat=True))


def _is_before(column: str, cursor: Cursor | None) -> Q:
    """Whether a row comes after `cursor`, whose time is that of `column`, in a list, newest first."""
    if cursor is None:
        return Q()
    same_time = Q(**{column: cursor.published_at}, pk__lt=cursor.post)
    return Q(**{f"{column}__lt": cursor.published_at}) | same_time
