"""Earlier versions of a letter, for its authors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from beside.people.models import Account
from beside.posts import editing, signing
from beside.posts.authorship import name_of
from beside.posts.models import Post, Revision
from beside.web import safe_html
from beside.web.safe_html import Block


@dataclass(frozen=True)
class PhotoText:
    """The description and the caption that a photograph had."""

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
    return RevisionsPage(
        post.pk, [_version(one, signers) for one in editing.history(post, by=viewer)]
    )


def _version(one: Revision, signers: dict[str, str]) -> Version:
    return Version(
        at=one.replaced_at,
        by=name_of(one.editor),
        title=one.title,
        about_when=one.about_when,
        blocks=safe_html.letter(one.words, signers=signers),
        note=one.note,
        photographs=[
            PhotoText(said[0], said[1]) for said in one.photographs.values() if said[0] or said[1]
        ],
    )
