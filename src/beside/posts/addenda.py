"""What is said later, dated and signed, beside what was said first: to a letter or to one photograph."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from beside.people.models import Account
from beside.photos.models import Photo
from beside.posts.audiences import TakenBackForGood
from beside.posts.authorship import NotAnAuthor, locked, require_author
from beside.posts.models import Addendum, Post


class NothingSaid(Exception):
    """There are no words in it."""

    def __init__(self) -> None:
        super().__init__(_("Write a word or two, and then it can stand beside the rest."))


class NotPublishedYet(Exception):
    """A draft has no later."""

    def __init__(self) -> None:
        super().__init__(
            _("Nobody has been shown this yet, so you can still write it in the letter itself.")
        )


@transaction.atomic
def add(
    post: Post, words: str, *, by: Account, at: datetime, photo: Photo | None = None
) -> Addendum:
    """Put words beside the post, or beside one photograph in it. They show at once.

    The same words again, to the same thing, by the same author, are not said twice. Raises
    `NotAnAuthor`, `NothingSaid`, `NotPublishedYet`, `TakenBackForGood`.
    """
    post = locked(post, by=by)
    if post.state == Post.State.DRAFT:
        raise NotPublishedYet
    if post.state == Post.State.TAKEN_BACK:
        raise TakenBackForGood
    if not words.strip():
        raise NothingSaid
    if photo is not None and not post.placed.filter(photo=photo).exists():
        raise NotAnAuthor
    said, _new = Addendum.objects.get_or_create(
        post=post, photo=photo, author=by, words=words.strip(), defaults={"added_at": at}
    )
    return said


def of(post: Post) -> list[Addendum]:
    """Everything said later, oldest first, with who said it. Of photographs too.

    Whoever shows one of a photograph shows it only where that photograph is open.
    """
    said = Addendum.objects.filter(post=post).select_related("author__profile")
    return list(said.order_by("added_at", "pk"))


@transaction.atomic
def take_away(post: Post, addendum_id: UUID, *, by: Account) -> None:
    """Take away what one said later oneself; twice is harmless. Raises `NotAnAuthor`."""
    require_author(post, by=by)
    Addendum.objects.filter(post=post, pk=addendum_id, author=by).delete()
