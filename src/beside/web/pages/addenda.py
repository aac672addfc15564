"""The page on which an author adds something to a letter later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from beside.people.models import Account
from beside.posts import addenda
from beside.posts.models import Post
from beside.web.forms.addenda import AddendumForm


@dataclass(frozen=True)
class Line:
    """Something that this author added."""

    id: UUID
    words: str
    added_on: date


@dataclass(frozen=True)
class AddendaPage:
    """The form, and what this author has added before."""

    id: UUID
    form: AddendumForm
    added: Sequence[Line]


def addenda_page(post: Post, viewer: Account, form: AddendumForm) -> AddendaPage:
    """The page of `post` for its author `viewer`."""
    added = [
        Line(one.pk, one.words, one.added_on)
        for one in addenda.of(post)
        if one.author_id == viewer.pk
    ]
    return AddendaPage(post.pk, form, added)
