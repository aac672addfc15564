"""Addenda: words added to a post or to one of its photographs later, with a date and an author."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from beside.people import time_zones
from beside.people.models import Account
from beside.photos.models import Photo
from beside.posts import indexed_texts
from beside.posts.audiences import TakenBackForGood
from beside.posts.authorship import NotAnAuthor, locked, require_author
from beside.posts.models import Addendum, Post


class NothingSaid(Exception):
    """The addendum has no words."""

    def __init__(self) -> None:
        super().__init__(_("Write a word or two first."))


class NotPublishedYet(Exception):
    """A draft has no addenda: its words can still be changed."""

    def __init__(self) -> None:
        super().__init__(
            _("Nobody has been shown this yet, so you can still write it in the letter itself.")
        )


@transaction.atomic
def add(
    post: Post, words: str, *, by: Account, at: datetime, photo: Photo | None = None
) -> Addendum:
    """Add words to the post, or to one photograph in it. They show at once.

    Repeating the same words by the same author adds nothing. Raises `NotAnAuthor`, `NothingSaid`,
    `NotPublishedYet` and `TakenBackForGood`.
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
    added = {"added_at": at, "added_on": time_zones.day_of(by, at)}
    said, _new = Addendum.objects.get_or_create(
        post=post, photo=photo, author=by, words=words.strip(), defaults=added
    )
    _index(said)
    return said


def of(post: Post) -> list[Addendum]:
    """All addenda of a post and of its photographs, oldest first, with their authors.

    The caller must show one about a photograph only where that photograph is open.
    """
    said = Addendum.objects.filter(post=post).select_related("author__profile")
    return list(said.order_by("added_at", "pk"))


@transaction.atomic
def take_away(post: Post, addendum_id: UUID, *, by: Account) -> None:
    """Delete an addendum of one's own; doing it twice is harmless. Raises `NotAnAuthor`."""
    require_author(post, by=by)
    said = Addendum.objects.filter(post=post, pk=addendum_id, author=by).first()
    if said is not None:
        said.delete()
        _index(said)


def _index(said: Addendum) -> None:
    if said.photo is None:
        indexed_texts.index(said.post)
    elif said.post.state != Post.State.TAKEN_BACK:
        indexed_texts.index_photographs([said.photo], said.post.language)
