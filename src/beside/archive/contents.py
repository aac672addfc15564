"""What lies in an archive: asked of the rows at the moment when it is fetched.

An author's own holds every letter that they wrote, and every photograph that they hold. What somebody for
after is given is less: no letter that an author who is still here wrote too, unless they have chosen the same
person for the same; and of what was only shown, neither drafts, nor what was taken back, nor what is for
its authors alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from beside.archive.models import Export
from beside.people import delegations
from beside.people.delegations import HandsOver
from beside.photos.models import HiddenPhoto, Hold, Photo, Rendition
from beside.posts.authorship import written_by
from beside.posts.models import Audience, Authorship, Post

# The rendition that a browser opens on any computer.
READABLE = "jpeg"


@dataclass(frozen=True)
class Kept:
    """One photograph. `is_closed` where whoever takes the archive has closed it for themselves.

    `readable` opens anywhere, `larger` is what readers are sent where that is wider; None where there is none.
    """

    photo: Photo
    is_closed: bool
    readable: Rendition | None
    larger: Rendition | None


@dataclass(frozen=True)
class Letter:
    """A letter with its photographs in their order."""

    post: Post
    photographs: Sequence[Kept]


@dataclass(frozen=True)
class Contents:
    """All of it: letters, oldest first, and photographs that lie in none."""

    letters: Sequence[Letter]
    drawer: Sequence[Kept]


def contents_of(export: Export, *, at: datetime) -> Contents:
    """What an archive fetched at `at` holds. The caller has asked whether it may be (`exporting.current`)."""
    letters = _letters(export, at=at)
    lying = _held(export).filter(placed__post__in=letters)
    if export.holds == HandsOver.SHOWN:
        lying = lying.exclude(placed__post__photographs_for=Audience.ONLY_US)
    placed: dict[UUID, list[Kept]] = defaultdict(list)
    for one in _kept(export, lying.order_by("placed__position", "placed__pk")):
        placed[one.photo.placed.post_id].append(one)
    drawer: list[Kept] = []
    if export.holds == HandsOver.EVERYTHING:
        drawer = _kept(export, _held(export).filter(placed=None).order_by("uploaded_at", "pk"))
    oldest_first = letters.order_by(F("published_at").asc(nulls_last=True), "begun_at", "pk")
    return Contents([Letter(post, placed[post.pk]) for post in oldest_first], drawer)


def _letters(export: Export, *, at: datetime) -> QuerySet[Post]:
    letters = written_by(export.account)
    if export.delegation_id is None:
        return letters
    letters = letters.filter(~Exists(_others_still_here(export, at=at)))
    if export.holds == HandsOver.SHOWN:
        shown = Q(state__in=(Post.State.PUBLISHED, Post.State.CLOSED))
        letters = letters.filter(shown).exclude(words_for=Audience.ONLY_US)
    return letters


def _others_still_here(export: Export, *, at: datetime) -> QuerySet[Authorship]:
    """The other authors of a letter who have their own say in it."""
    acting = delegations.acting(export.taken_by, at=at).filter(
        Q(hands_over=export.holds) | Q(hands_over=HandsOver.EVERYTHING)
    )
    others = Authorship.objects.filter(post=OuterRef("pk"), account__is_active=True)
    return others.exclude(account=export.account).exclude(account__in=acting.values("author"))


def _held(export: Export) -> QuerySet[Photo]:
    """The photographs whose originals the author holds, and that are here whole."""
    held = Hold.objects.filter(account=export.account, kind=Hold.Kind.ORIGINAL)
    return Photo.objects.filter(holds__in=held).exclude(state=Photo.State.RECEIVING)


def _kept(export: Export, photos: QuerySet[Photo]) -> list[Kept]:
    these = photos.order_by().values("pk")
    closed = set(
        HiddenPhoto.objects.filter(account=export.taken_by, photo__in=these).values_list(
            "photo_id", flat=True
        )
    )
    sent: dict[UUID, list[Rendition]] = defaultdict(list)
    for rendition in Rendition.objects.filter(photo__in=these).order_by("width", "name"):
        sent[rendition.photo_id].append(rendition)
    return [
        Kept(photo, photo.pk in closed, *_readable_and_larger(sent[photo.pk]))
        for photo in photos.select_related("placed")
    ]


def _readable_and_larger(made: Sequence[Rendition]) -> tuple[Rendition | None, Rendition | None]:
    readable = next((one for one in made if one.name == READABLE), None)
    largest = made[-1] if made else None
    is_larger = largest and (readable is None or largest.width > readable.width)
    return readable, largest if is_larger else None
