"""Earlier versions of a letter, for its authors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from beside.people.models import Account
from beside.photos import hidden
from beside.posts import editing, signing
from beside.posts.authorship import name_of
from beside.posts.models import PlacedPhoto, Post, Revision
from beside.web import safe_html
from beside.web.safe_html import Block


@dataclass(frozen=True)
class PhotoText:
    """The description and the caption that a photograph had. One that is hidden from the reader has none here."""

    description: str
    caption: str


@dataclass(frozen=True)
class Version:
    """The letter until `at`, when `by` changed it."""

    at: datetime
    by: str
    title: str
    about_when: str
    blocks: Sequence[Block]
    note: str
    photographs: Sequence[PhotoText]


@dataclass(frozen=True)
class RevisionsPage:
    """Every version that was replaced, the latest first."""

    id: UUID
    versions: Sequence[Version]


def revisions_page(post: Post, viewer: Account) -> RevisionsPage:
    """The page of `post` for its author `viewer`."""
    signers = signing.names_in(post)
    history = editing.history(post, by=viewer)
    closed = hidden.hidden_from(viewer, {UUID(pk) for one in history for pk in one.photographs})
    order = _order(post)
    return RevisionsPage(post.pk, [_version(one, signers, closed, order) for one in history])


def _order(post: Post) -> dict[str, int]:
    """Where each photograph lies in the letter now. A version is a JSON object, and PostgreSQL keeps no order in one."""
    placed = PlacedPhoto.objects.filter(post=post).values_list("photo_id", "position")
    return {str(photo): position for photo, position in placed}


def _version(
    one: Revision, signers: dict[str, str], closed: set[UUID], order: dict[str, int]
) -> Version:
    by_place = sorted(one.photographs.items(), key=lambda item: order.get(item[0], len(order)))
    return Version(
        at=one.replaced_at,
        by=name_of(one.editor),
        title=one.title,
        about_when=one.about_when,
        blocks=safe_html.letter(one.words, signers=signers),
        note=one.note,
        photographs=[
            PhotoText(said[0], said[1])
            for pk, said in by_place
            if UUID(pk) not in closed and (said[0] or said[1])
        ],
    )
