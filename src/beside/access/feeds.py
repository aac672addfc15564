"""Every list of posts, each starting from `visible_to`, newest first, in pages.

Pages are addressed by a cursor (a time and an id), never by a number. So nobody can count the
posts, and a new post doesn't make another appear twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from beside.access import content_preferences
from beside.access.content_preferences import ContentPreferences
from beside.access.policy import NothingToSee, SeenPost, Sight, Viewer, with_sight
from beside.people.models import Follow, Membership
from beside.posts.models import Authorship, Facet, Grant, Post
from beside.querysets.prepared import Prepared, prepared

PAGE = 20
# Of how many the rule is asked at first: a page, one more, and some that may be hidden.
FEW = 32
MOST_AT_ONCE = 1000
NEWEST = ("-published_at", "-pk")
Ids = QuerySet[Any, Any]


class NoSuchCursor(NothingToSee):
    """An address has a cursor that none of our pages can have given."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last post of a page; the next page begins after it."""

    published_at: datetime
    post: UUID

    def __str__(self) -> str:
        return f"{self.published_at.isoformat()}~{self.post}"

    @classmethod
    def after(cls, post: SeenPost) -> Cursor:
        """The cursor after `post`; raises `ValueError` if it isn't published."""
        if post.published_at is None:
            raise ValueError(f"{post} isn't published")
        return cls(post.published_at, post.pk)

    @classmethod
    def read(cls, text: str) -> Cursor:
        """Parse what `str` returned; raises `NoSuchCursor`."""
        when, _, post = text.partition("~")
        try:
            cursor = cls(datetime.fromisoformat(when), UUID(post))
        except ValueError:
            raise NoSuchCursor from None
        if cursor.published_at.tzinfo is None:
            raise NoSuchCursor
        return cursor


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. `next_cursor` is None on the last page.

    `asks` has the posts among them that the viewer wants to be asked about first, each with its
    facets; a list shows only who wrote these. If `not_today`, the viewer wants to see nothing
    today, and other people's posts are left out.
    """

    posts: list[SeenPost]
    next_cursor: Cursor | None
    asks: Mapping[UUID, list[Facet]] = field(default_factory=dict)
    not_today: bool = False


def home(viewer: Viewer, *, at: datetime, before: Cursor | None = None) -> Page:
    """What the viewer and people whom they follow have published, and what somebody has shared with them."""
    me = viewer.account
    return Page([], None) if me is None else _page(viewer, _home, me, at=at, before=before)


def by_person(viewer: Viewer, account: UUID, *, at: datetime, before: Cursor | None = None) -> Page:
    """What one person has published, alone or with others, as far as `viewer` may see it, even if they have muted them."""
    return _page(viewer, _by_person, account, at=at, before=before, with_muted=True)


def _is_after(cursor: Cursor) -> Q:
    """Whether a post comes after `cursor` in a list, newest first, for `Post` rows."""
    same_time = Q(published_at=cursor.published_at, pk__lt=cursor.post)
    return Q(published_at__lt=cursor.published_at) | same_time


def _candidates_for(me: UUID) -> Ids:
    """The ids of posts that may belong in `me`'s home. They are few, however many posts there are."""
    followed = Follow.objects.filter(follower=me, state=Follow.State.ACCEPTED)
    circles = Membership.objects.filter(account=me)
    written = _written_by(followed.values("followed_id"))
    by_name = Grant.objects.filter(what=Grant.What.WORDS, account=me)
    by_circle = Grant.objects.filter(what=Grant.What.WORDS, circle__in=circles.values("circle_id"))
    return written.union(_written_by([me]), by_name.values("post_id"), by_circle.values("post_id"))


def _written_by(accounts: Ids | list[UUID]) -> Ids:
    return Authorship.objects.filter(account__in=accounts).values("post_id")


def _page(
    viewer: Viewer,
    published: Prepared[..., Any],
    whose: UUID,
    *,
    at: datetime,
    before: Cursor | None,
    with_muted: bool = False,
) -> Page:
    preferences = content_preferences.preferences_of(viewer, at=at)
    if with_muted:
        preferences = replace(preferences, mutes_some=False)
    wanted = in_lists(viewer, preferences, before=before)
    if wanted:
        found = first_visible(viewer, list(published(whose).filter(wanted)), at=at)
    else:
        found = _first_of(published, whose, viewer, at=at)
    return page_of(found, viewer, preferences)


def _first_of(
    published: Prepared[..., Any], whose: UUID, viewer: Viewer, *, at: datetime
) -> list[SeenPost]:
    """`first_visible` of all of them. A few ids are enough, unless many of these are hidden."""
    few = published.every(whose, few=True)
    found = first_visible(viewer, few, at=at)
    if len(few) < FEW or len(found) > PAGE:
        return found
    return first_visible(viewer, published.every(whose), at=at)


@prepared
def _home(me: UUID, *, few: bool = False) -> QuerySet[Post, Any]:
    return _published(_candidates_for(me), few=few)


@prepared
def _by_person(account: UUID, *, few: bool = False) -> QuerySet[Post, Any]:
    return _published(_written_by([account]), few=few)


def _published(candidates: Ids, *, few: bool) -> QuerySet[Post, Any]:
    """The ids of those that are published, newest first: all of them, or the first few."""
    posts = Post.objects.filter(pk__in=candidates, state=Post.State.PUBLISHED)
    newest = posts.order_by(*NEWEST).values_list("pk", flat=True)
    return newest[:FEW] if few else newest


def in_lists(viewer: Viewer, preferences: ContentPreferences, *, before: Cursor | None) -> Q:
    """Whether a post comes after `before` in a list, and the viewer's preferences leave it in, for `Post` rows."""
    wanted = Q() if before is None else _is_after(before)
    if preferences.not_today or preferences.not_for_now:
        wanted &= ~content_preferences.excluded(viewer, preferences)
    if preferences.mutes_some:
        wanted &= ~content_preferences.is_by_muted(viewer)
    return wanted


def page_of(found: list[SeenPost], viewer: Viewer, preferences: ContentPreferences) -> Page:
    """The page that begins with the posts in `found`, which has one more than a page if there are as many."""
    shown, next_cursor = found[:PAGE], None
    if len(found) > PAGE:
        next_cursor = Cursor.after(shown[-1])
    asks = content_preferences.to_ask_about([post.pk for post in shown], viewer, preferences)
    return Page(shown, next_cursor, asks, preferences.not_today)


def first_visible(viewer: Viewer, newest: Sequence[UUID], *, at: datetime) -> list[SeenPost]:
    """The first of the published posts `newest` that `viewer` may see: at least `PAGE` and one more, if there are as many.

    It asks the rule about a few posts first, and about more if many of those were hidden.
    """
    found: list[SeenPost] = []
    asked, step = 0, FEW
    while len(found) <= PAGE and asked < len(newest):
        batch = newest[asked : asked + step]
        among: list[SeenPost] = _among.every(viewer.account, viewer.session, at, list(batch))
        found += [post for post in among if post.sight > Sight.NOTHING]
        asked, step = asked + step, min(4 * step, MOST_AT_ONCE)
    return found


@prepared
def _among(
    account: UUID | None, session: str | None, at: datetime, ids: list[UUID]
) -> QuerySet[SeenPost]:
    """Asked without a condition on the sight, the database answers the rule once for each, and not twice."""
    posts = with_sight(Post.objects.filter(pk__in=ids), Viewer(account, session), at=at)
    return posts.order_by(*NEWEST)
