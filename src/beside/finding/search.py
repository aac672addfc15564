"""Searching in what somebody may see: their own letters and photographs, letters that they were given, and the shelf.

What may be read is settled first, and words are looked for only in that. One's own texts and those that one was given are
read one by one; only letters on the shelf, whose words are for anyone, are in an index that everybody shares. So nothing
that is folded, behind a door or for others is ever compared with a word, and neither what is found nor how long that takes
can tell of it. Then the rule (`access.policy`) decides about everything that was found. Newest first; nothing is counted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from beside.access import content_preferences, feeds, given, policy
from beside.access.feeds import PAGE, Cursor, Page
from beside.access.policy import SeenPhoto, SeenPost, Viewer
from beside.index import texts
from beside.index.analysis import Query
from beside.index.models import IndexedText
from beside.people.models import Account
from beside.photos.models import Photo
from beside.posts.authorship import written_by


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
    mine = written_by(account).filter(_is_before("begun_at", before))
    read = texts.texts().filter(post__in=mine.values("pk"))
    found = _with_words(read.order_by("-post__begun_at", "-post_id"), query)
    ids = _of("post", found[: PAGE + 1])
    seen = list(policy.visible_to(viewer, at=at).filter(pk__in=ids).order_by("-begun_at", "-pk"))
    shown = seen[:PAGE]
    last = Cursor(shown[-1].begun_at, shown[-1].pk) if len(seen) > PAGE else None
    return OwnPage(posts=shown, next_cursor=last)


def own_photographs(
    query: Query, viewer: Viewer, *, at: datetime, before: Cursor | None = None
) -> OwnPage:
    """The photographs that `viewer` keeps, and hasn't hidden, about which all words of `query` are said."""
    mine = given.own_photographs(viewer).filter(_is_before("uploaded_at", before))
    read = texts.texts().filter(photo__in=mine.values("pk"))
    having = _with_words(read.order_by("-photo__uploaded_at", "-photo_id"), query)
    ids = _of("photo", having[: PAGE + 1])
    found = given.own_photographs(viewer).filter(pk__in=ids).order_by("-uploaded_at", "-pk")
    seen = policy.with_openness(found.select_related("placed__post"), viewer, at=at)
    shown = list(seen.filter(is_open=True))
    last = Cursor(shown[PAGE - 1].uploaded_at, shown[PAGE - 1].pk) if len(shown) > PAGE else None
    return OwnPage(photos=shown[:PAGE], next_cursor=last)


def letters_given(
    query: Query, viewer: Viewer, *, at: datetime, before: Cursor | None = None
) -> Given:
    """Letters of others with all words of `query`, in themselves or in a caption that lies open, newest first.

    `viewer`'s preferences leave letters out and ask before others as in every list.
    """
    preferences = content_preferences.preferences_of(viewer, at=at)
    listed = feeds.in_lists(viewer, preferences, before=before)
    letters = given.letters_given_to(viewer, at=at).filter(listed)
    read = texts.texts().filter(post__in=letters.values("pk"))
    rows = list(
        read.order_by("-post__published_at", "-post_id").values_list("pk", "tokens", "post__veiled")
    )
    unfolded = [pk for pk, _, veiled in rows if not veiled][: given.MOST_LETTERS]
    photos = _photographs_with(query, viewer, _of("post", unfolded), at=at)
    by_photo = dict(texts.texts().filter(post__in=photos).values_list("pk", "post_id"))
    has = texts.compiled(query)
    seen = _seen([pk for pk, tokens, _ in rows if pk in by_photo or has(tokens)], viewer, at=at)
    if elsewhere := by_photo.keys() - {pk for pk, _, _ in rows}:
        ids = [by_photo[pk] for pk in elsewhere]
        seen += policy.visible_to(viewer, at=at).filter(listed, pk__in=ids)
        seen.sort(key=lambda one: (one.published_at, one.pk), reverse=True)
    return Given(feeds.page_of(seen[: PAGE + 1], viewer, preferences), photos)


def photographs(ids: Collection[UUID]) -> list[Photo]:
    """The photographs that `letters_given` named, with the letters that they are in."""
    return list(Photo.objects.filter(pk__in=list(ids)).select_related("placed__post"))


def _seen(found: Sequence[int], viewer: Viewer, *, at: datetime) -> list[SeenPost]:
    """The first letters of these texts of which the rule lets `viewer` see anything: a page and one more, if there are as many."""
    seen: list[SeenPost] = []
    for first in range(0, len(found), 3 * PAGE):
        seen += feeds.first_visible(viewer, _of("post", found[first : first + 3 * PAGE]), at=at)
        if len(seen) > PAGE:
            break
    return seen


def _photographs_with(
    query: Query, viewer: Viewer, unfolded: Sequence[UUID], *, at: datetime
) -> dict[UUID, list[UUID]]:
    """By letter, the photographs that lie open and about which all words are said."""
    letter_of = given.photographs_open_to(viewer, unfolded, at=at)
    found: dict[UUID, list[UUID]] = {}
    if letter_of:
        has = texts.compiled(query)
        read = texts.texts().filter(photo__in=list(letter_of))
        for photo, tokens in read.values_list("photo_id", "tokens"):
            if has(tokens):
                found.setdefault(letter_of[photo], []).append(photo)
    return found


def _with_words(read: QuerySet[IndexedText], query: Query) -> list[int]:
    """Those of the texts, in their order, that have all words."""
    has = texts.compiled(query)
    return [pk for pk, tokens in read.values_list("pk", "tokens") if has(tokens)]


def _of(what: str, found: Sequence[int]) -> list[UUID]:
    """The letters or photographs of these texts. A few are asked for: an id costs as much as reading its text."""
    if not found:
        return []
    return list(texts.texts().filter(pk__in=found).values_list(f"{what}_id", flat=True))


def _is_before(column: str, cursor: Cursor | None) -> Q:
    """Whether a row comes after `cursor`, whose time is that of `column`, in a list, newest first."""
    if cursor is None:
        return Q()
    same_time = Q(**{column: cursor.published_at}, pk__lt=cursor.post)
    return Q(**{f"{column}__lt": cursor.published_at}) | same_time
