"""Every list of posts there is, each starting from `visible_to`, newest first, in pages.

A page ends at a place (a time and an id), never at a number, so that nobody can count,
and nothing is met twice when something new is written meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from beside.access import content_preferences
from beside.access.policy import NothingToSee, SeenPost, Viewer, visible_to
from beside.people.models import Follow, Membership
from beside.posts.models import Authorship, Facet, Grant, Post

PAGE = 20
MOST_AT_ONCE = 1000
NEWEST = ("-published_at", "-pk")
Ids = QuerySet[Any, Any]


class NoSuchPlace(NothingToSee):
    """An address names a place in a list that no page of ours gave."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of a list ends; the next one goes on behind it."""

    published_at: datetime
    post: UUID

    def __str__(self) -> str:
        return f"{self.published_at.isoformat()}~{self.post}"

    @classmethod
    def read(cls, text: str) -> Place:
        """The place that `str` wrote; raises `NoSuchPlace`."""
        when, _, post = text.partition("~")
        try:
            place = cls(datetime.fromisoformat(when), UUID(post))
        except ValueError:
            raise NoSuchPlace from None
        if place.published_at.tzinfo is None:
            raise NoSuchPlace
        return place


@dataclass(frozen=True, slots=True)
class Page:
    """Some posts of a list, and where it goes on; `further` is None at its end.

    `asks` are those among them about which the viewer wanted to be asked, and what each is
    about; in a list nothing of these is said but by whom they are. `not_today`: the viewer
    wanted to meet nothing, and others' letters are left out.
    """

    posts: list[SeenPost]
    further: Place | None
    asks: Mapping[UUID, list[Facet]] = field(default_factory=dict)
    not_today: bool = False


def home(viewer: Viewer, *, at: datetime, before: Place | None = None) -> Page:
    """What the people I follow have published, or somebody gave me. Not my own."""
    me = viewer.account
    if me is None:
        return Page([], None)
    mine = Authorship.objects.filter(account=me).values("post_id")
    return _page(viewer, _candidates_for(me), at=at, narrowed=~Q(pk__in=mine), before=before)


def by_person(viewer: Viewer, account: UUID, *, at: datetime, before: Place | None = None) -> Page:
    """What one person has published, alone or with others, as far as `viewer` may know of it."""
    return _page(viewer, _written_by([account]), at=at, before=before)


def _candidates_for(me: UUID) -> Ids:
    """Ids of all that may be in `me`'s home, from the people's side: small, however many posts exist."""
    followed = Follow.objects.filter(follower=me, state=Follow.State.ACCEPTED)
    circles = Membership.objects.filter(account=me)
    written = _written_by(followed.values("followed_id"))
    by_name = Grant.objects.filter(what=Grant.What.WORDS, account=me)
    by_circle = Grant.objects.filter(what=Grant.What.WORDS, circle__in=circles.values("circle_id"))
    return written.union(by_name.values("post_id"), by_circle.values("post_id"))


def _written_by(accounts: Ids | list[UUID]) -> Ids:
    return Authorship.objects.filter(account__in=accounts).values("post_id")


def _page(
    viewer: Viewer,
    candidates: Ids,
    *,
    at: datetime,
    before: Place | None,
    narrowed: Q | None = None,
) -> Page:
    posts = Post.objects.filter(pk__in=candidates, state=Post.State.PUBLISHED)
    if narrowed is not None:
        posts = posts.filter(narrowed)
    if before is not None:
        same_time = Q(published_at=before.published_at, pk__lt=before.post)
        posts = posts.filter(Q(published_at__lt=before.published_at) | same_time)
    taste = content_preferences.taste_of(viewer, at=at)
    if taste.not_today or taste.not_for_now:
        posts = posts.exclude(content_preferences.left_out(viewer, taste))
    newest = list(posts.order_by(*NEWEST).values_list("pk", flat=True))
    found = _first_visible(viewer, newest, at=at)
    further = None
    if len(found) > PAGE:
        found = found[:PAGE]
        assert found[-1].published_at is not None
        further = Place(found[-1].published_at, found[-1].pk)
    asks = content_preferences.asks_about([post.pk for post in found], viewer, taste)
    return Page(found, further, asks, taste.not_today)


def _first_visible(viewer: Viewer, newest: list[UUID], *, at: datetime) -> list[SeenPost]:
    """At least the first `PAGE` and one more that `viewer` may know of, if there are as many.

    The rule is asked for as few as will nearly always do, and for more where much is hidden.
    """
    found: list[SeenPost] = []
    asked, step = 0, 3 * PAGE
    while len(found) <= PAGE and asked < len(newest):
        some = newest[asked : asked + step]
        found += visible_to(viewer, at=at).filter(pk__in=some).order_by(*NEWEST)
        asked, step = asked + step, min(4 * step, MOST_AT_ONCE)
    return found
