"""What was added to a letter later, and the page on which an author adds something."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from beside.people.models import Account
from beside.photos.models import Photo
from beside.posts import addenda
from beside.posts.authorship import name_of
from beside.posts.models import Addendum, Post
from beside.querysets.prepared import prepared
from beside.web.forms.addenda import AddendumForm
from beside.web.pages.photographs import Added


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


def added_to_letter(post: Post) -> list[Added]:
    """What was said later about `post` itself, oldest first."""
    return [said_later(one) for one in _of_letter.every(post.pk)]


def added_to(photos: Sequence[Photo]) -> dict[UUID, list[Added]]:
    """What was said later about each of `photos`, by its id."""
    found: dict[UUID, list[Added]] = defaultdict(list)
    for one in _of_photographs.every([photo.pk for photo in photos]):
        assert one.photo_id is not None
        found[one.photo_id].append(said_later(one))
    return found


def _addenda() -> QuerySet[Addendum]:
    return Addendum.objects.select_related("author__profile").order_by("added_at", "pk")


@prepared
def _of_letter(post: UUID) -> QuerySet[Addendum]:
    return _addenda().filter(post=post, photo=None)


@prepared
def _of_photographs(photos: list[UUID]) -> QuerySet[Addendum]:
    return _addenda().filter(photo__in=photos)


def said_later(one: Addendum) -> Added:
    """What was added later, in paragraphs; the row comes with its author's profile."""
    paragraphs = [part.strip() for part in one.words.replace("\r\n", "\n").split("\n\n")]
    return Added(name_of(one.author), one.added_on, [part for part in paragraphs if part])
