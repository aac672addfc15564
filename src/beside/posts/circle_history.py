"""What is already for a circle, so that its owner can decide whether a new member should see that too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from beside.people.models import Account, Circle
from beside.posts.authorship import written_by
from beside.posts.models import Grant, Post
from beside.posts.reach import BY_NAME


@dataclass(frozen=True, slots=True)
class SharedLetter:
    """A letter that is for a circle, and whether its photographs are too. A closed one may be reopened."""

    id: UUID
    title: str
    published_at: datetime
    written_on: date
    is_closed: bool
    with_photographs: bool


def shared_with(
    circle: Circle, *, by: Account, before: datetime | None = None
) -> list[SharedLetter]:
    """The letters of `by` that are for `circle`, newest first; only those published before `before`, if given."""
    posts = _of(circle, by).order_by("-published_at", "pk")
    if before is not None:
        posts = posts.filter(published_at__lt=before)
    granted = Grant.objects.filter(circle=circle, what=Grant.What.PHOTOGRAPHS)
    looked_at = granted.filter(post__photographs_for__in=BY_NAME, post__placed__isnull=False)
    with_photographs = set(looked_at.values_list("post_id", flat=True))
    return [
        SharedLetter(
            id=post.pk,
            title=post.title,
            published_at=post.published_at,
            written_on=post.written_on,
            is_closed=post.state == Post.State.CLOSED,
            with_photographs=post.pk in with_photographs,
        )
        for post in posts
        if post.published_at is not None
    ]


def _of(circle: Circle, by: Account) -> QuerySet[Post]:
    for_it = Grant.objects.filter(circle=circle, what=Grant.What.WORDS)
    shown = (Post.State.PUBLISHED, Post.State.CLOSED)
    return written_by(by).filter(
        pk__in=for_it.values("post_id"), state__in=shown, words_for__in=BY_NAME
    )
