"""Suspensions of letters: moderators close one for all but its authors, and can open it again. Nothing is deleted.

A suspension stands beside the letter's state: its authors can still close, narrow, take back or destroy it, and whatever
they do, nobody else sees it until the suspension is lifted.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from beside.index import texts
from beside.notices import notices
from beside.notices.models import Notice
from beside.people import narrowings
from beside.people.models import Narrowing
from beside.photos import disk_full
from beside.posts import indexed_texts
from beside.posts.authorship import authors_of
from beside.posts.models import Post, suspension

_LOGGED = Narrowing.Kind.POST_SUSPENDED


@disk_full.with_reserve
@transaction.atomic
def suspend(post_id: UUID, *, because: str, at: datetime) -> None:
    """Suspend a letter from the next request on, and tell its authors; doing it twice keeps the first time.

    Raises `Post.DoesNotExist`.
    """
    post = Post.objects.select_for_update().get(pk=post_id)
    if post.suspended_at is not None:
        return
    suspend_again(post_id, because=because, at=at)
    narrowings.record(_LOGGED, at=at, post=post.pk)
    _tell_authors(post, Notice.Kind.LETTER_SUSPENDED, at=at)


def suspend_again(post_id: UUID, *, because: str = "", at: datetime) -> None:
    """Suspend it again after a restore. The log holds no words, and nobody is told again."""
    shown = Post.objects.filter(pk=post_id, suspended_at=None)
    shown.update(suspended_at=at, suspended_because=because.strip())
    texts.shut([post_id])


@transaction.atomic
def lift(post_id: UUID, *, at: datetime) -> None:
    """End the suspension of a letter, and forget that there was one, so that no restore repeats it."""
    post = Post.objects.select_for_update().filter(pk=post_id).first()
    if post is None or post.suspended_at is None:
        return
    Post.objects.filter(pk=post.pk).update(suspended_at=None, suspended_because="")
    indexed_texts.follow(post)
    Narrowing.objects.filter(kind=_LOGGED, subject__post=str(post.pk)).delete()
    _tell_authors(post, Notice.Kind.SUSPENSION_LIFTED, at=at)


def is_suspended(post: Post) -> bool:
    """Whether `post` is suspended, or one of its authors is, so that nobody else sees it."""
    return Post.objects.filter(suspension.is_suspended(), pk=post.pk).exists()


def suspended() -> QuerySet[Post]:
    """Every suspended letter, newest suspension first."""
    return Post.objects.filter(suspended_at__isnull=False).order_by("-suspended_at", "pk")


def _tell_authors(post: Post, kind: Notice.Kind, *, at: datetime) -> None:
    for author in authors_of(post):
        notices.untell(author.pk, Notice.Kind.LETTER_SUSPENDED, about=post.pk)
        notices.tell(author.pk, kind, about=post.pk, at=at)
