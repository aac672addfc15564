"""What would be seen if a draft were published: the same rule, asked of a moment that never happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Coalesce

from beside.access.models import AccessRequest, Consent
from beside.access.policy import NothingToSee, SeenPost, Sight, Viewer, people_who_see, see
from beside.people.models import Account
from beside.photos.models import Photo
from beside.posts import audiences
from beside.posts.audiences import TakenBackForGood
from beside.posts.authorship import authors_of
from beside.posts.models import Audience, Post, ShareLink, ShareLinkApproval, ShareLinkDevice
from beside.posts.reach import Chosen, NobodyNamed, NoteNeeded, PhotographsWiderThanWords

CANNOT_BE = (NobodyNamed, NoteNeeded, PhotographsWiderThanWords, TakenBackForGood)


@contextmanager
def as_if_published(post: Post, *, at: datetime) -> Iterator[None]:
    """Inside, the database says that `post` is published: a draft, at `at`. Afterwards it never did.

    What was taken back stays so: nothing could publish it.
    """
    with transaction.atomic():
        unseen = (Post.State.DRAFT, Post.State.CLOSED)
        would_be = Post.objects.filter(pk=post.pk, state__in=unseen)
        would_be.update(
            state=Post.State.PUBLISHED,
            published_at=Coalesce("published_at", Value(at)),
            closed_at=None,
        )
        try:
            yield
        finally:
            transaction.set_rollback(True)


@contextmanager
def seen_as(
    post: Post, viewer: Viewer, *, at: datetime, by_link: ShareLink | None = None
) -> Iterator[SeenPost]:
    """Inside, `post` as `viewer` would meet it before choosing to look; raises `NothingToSee`.

    What anybody has chosen, asked or opened is left out: an author never learns who looked. With
    `by_link`, the viewer's session is one that has opened this link, and every author has agreed to it.
    """
    with as_if_published(post, at=at):
        Consent.objects.filter(photo__placed__post=post).delete()
        AccessRequest.objects.filter(post=post).delete()
        ShareLinkDevice.objects.filter(link__post=post).delete()
        if by_link is not None:
            _open(by_link, viewer, at=at)
        yield see(viewer, post.pk, at=at)


def _open(link: ShareLink, viewer: Viewer, *, at: datetime) -> None:
    assert viewer.session is not None
    yeses = (
        ShareLinkApproval(link=link, account=author, approved_at=at)
        for author in authors_of(link.post)
    )
    ShareLinkApproval.objects.bulk_create(yeses, ignore_conflicts=True)
    ShareLinkDevice.objects.create(
        link=link, session_id=viewer.session, opened_at=at, allowed_at=at
    )


@contextmanager
def seen_if_for(
    post: Post, wanted: Chosen, viewer: Viewer, *, by: Account, at: datetime
) -> Iterator[SeenPost]:
    """Inside, `post` as `viewer` would meet it if it were shown to those of `wanted`.

    `by` is one of its authors. Raises `NothingToSee`, also where it can't be so by now.
    """
    everybody = [author.pk for author in authors_of(post)]
    with as_if_published(post, at=at):
        try:
            audiences.change(post, wanted, by=by, at=at, approved_by=everybody)
        except CANNOT_BE:
            raise NothingToSee from None
        with seen_as(post, viewer, at=at) as seen:
            yield seen


def people_who_would_see(post: Post, *, at: datetime) -> dict[Account, Sight]:
    """Every account here but the authors that would meet anything of `post`, and how much.

    Photographs that are still being made ready count as ready: soon they are.
    """
    with as_if_published(post, at=at):
        arriving = Photo.objects.filter(
            placed__post=post, state__in=[Photo.State.RECEIVING, Photo.State.RECEIVED]
        )
        arriving.update(state=Photo.State.READY, width=1, height=1)
        return people_now(post)


def people_now(post: Post) -> dict[Account, Sight]:
    """Every account here but the authors that meets anything of `post` now, and how much, by name."""
    authors = [author.pk for author in authors_of(post)]
    people = people_who_see(post).exclude(pk__in=authors).select_related("profile")
    return {
        person: Sight(person.__dict__["sight"]) for person in people.order_by("profile__name", "pk")
    }


def by_name(people: dict[Account, Sight], post: Post) -> dict[Account, Sight]:
    """Those of `people` whom an author named or let in, where the words are for anyone; else all of them.

    A list of everybody would tell who is here at all.
    """
    if post.words_for != Audience.ANYONE:
        return people
    named = audiences.named_people(post)
    for_anyone = post.photographs_for == Audience.ANYONE
    return {
        person: sight
        for person, sight in people.items()
        if person.pk in named or (sight >= Sight.VEIL and not for_anyone)
    }


def people_if_for(post: Post, wanted: Chosen, *, by: Account, at: datetime) -> dict[Account, Sight]:
    """Whoever would meet anything of `post` if it were shown to those of `wanted`, by name.

    `by` is one of its authors. Where the words are for anyone, only those whom it names: a
    list of everybody would tell who is here at all. What can't be so would be met by nobody.
    """
    everybody = [author.pk for author in authors_of(post)]
    with as_if_published(post, at=at):
        try:
            audiences.change(post, wanted, by=by, at=at, approved_by=everybody)
        except CANNOT_BE:
            return {}
        changed = Post.objects.get(pk=post.pk)
        return by_name(people_who_would_see(changed, at=at), changed)
