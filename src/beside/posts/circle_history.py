"""What is already for a circle, and letting a new member see that too, or only what is published from now on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from beside.notices import notices
from beside.notices.models import Notice
from beside.people import blocks, circles, mutes
from beside.people.models import Account, Circle, Membership
from beside.posts.authorship import authors_of, written_by
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


@transaction.atomic
def add_member(circle: Circle, account: Account, *, at: datetime, from_now_on: bool) -> None:
    """Add `account` to `circle`, for all that is for the circle or only for what is published `from_now_on`.

    Somebody who can see earlier letters now is told that there is something, and by whom.
    """
    were_there = _counts_for_the_past(circle, account.pk)
    circles.add(circle, account, at=at, from_now_on=from_now_on)
    if not were_there:
        _tell(circle, account, at=at)


@transaction.atomic
def show_earlier_letters(circle: Circle, account: Account, *, at: datetime) -> None:
    """Let a member see earlier letters too, and tell them that there is something. Others are left alone."""
    if Membership.objects.filter(circle=circle, account=account, from_now_on=True).exists():
        circles.show_earlier_letters(circle, account.pk)
        _tell(circle, account, at=at)


def _tell(circle: Circle, account: Account, *, at: datetime) -> None:
    """Add one notice for however many letters, unless none is published that they could read, or they have muted the owner."""
    if not _counts_for_the_past(circle, account.pk) or mutes.is_muted(account, circle.owner_id):
        return
    published = _of(circle, circle.owner).filter(state=Post.State.PUBLISHED)
    if any(_may_read(post, account) for post in published):
        notices.tell(account.pk, Notice.Kind.SHARED_EARLIER, about=circle.owner_id, at=at)


def _counts_for_the_past(circle: Circle, account_id: UUID) -> bool:
    members = Membership.objects.filter(circle=circle, account=account_id, from_now_on=False)
    return members.exists()


def _may_read(post: Post, account: Account) -> bool:
    authors = authors_of(post)
    is_author = any(author.pk == account.pk for author in authors)
    return not is_author and not any(blocks.is_between(author, account) for author in authors)


def _of(circle: Circle, by: Account) -> QuerySet[Post]:
    for_it = Grant.objects.filter(circle=circle, what=Grant.What.WORDS)
    shown = (Post.State.PUBLISHED, Post.State.CLOSED)
    return written_by(by).filter(
        pk__in=for_it.values("post_id"), state__in=shown, words_for__in=BY_NAME
    )
