"""The pages on which a letter, or one photograph, is destroyed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from beside.people.models import Account
from beside.photos.models import Photo
from beside.posts import destroying
from beside.posts.models import Destruction, Post
from beside.web.pages import reach


@dataclass(frozen=True)
class Destroying:
    """`due_at` is set once destruction was asked for; without that it would be on `would_be_on`.

    `may_be_now` says that nobody else holds any of it.
    """

    due_at: datetime | None
    may_be_now: bool
    would_be_on: datetime


@dataclass(frozen=True)
class DestroyLetterPage:
    """The page for a letter."""

    id: UUID
    is_draft: bool
    others: str
    has_photographs: bool
    destroying: Destroying


@dataclass(frozen=True)
class DestroyPhotographPage:
    """The page for one photograph."""

    id: UUID
    description: str
    is_in_a_letter: bool
    destroying: Destroying


def destroy_letter_page(
    post: Post, viewer: Account, asked: Destruction | None, *, at: datetime
) -> DestroyLetterPage:
    """The page of `post` for its author `viewer`, who may have `asked` for its destruction."""
    return DestroyLetterPage(
        id=post.pk,
        is_draft=post.state == Post.State.DRAFT,
        others=reach.others_in_words(post, viewer),
        has_photographs=post.placed.exists(),
        destroying=_destroying(asked, viewer, at=at),
    )


def destroy_photograph_page(
    photo: Photo, viewer: Account, asked: Destruction | None, *, at: datetime
) -> DestroyPhotographPage:
    """The page of `photo` for `viewer`, who holds it and may have `asked` for its destruction.

    Of a photograph that is hidden from them it tells no description.
    """
    is_hidden = photo.held_unseen.filter(account=viewer).exists()
    return DestroyPhotographPage(
        id=photo.pk,
        description="" if is_hidden else photo.description,
        is_in_a_letter=hasattr(photo, "placed"),
        destroying=_destroying(asked, viewer, at=at),
    )


def _destroying(asked: Destruction | None, viewer: Account, *, at: datetime) -> Destroying:
    return Destroying(
        due_at=asked.due_at if asked else None,
        may_be_now=asked is not None and destroying.is_alone(asked),
        would_be_on=destroying.due(viewer, at=at),
    )
