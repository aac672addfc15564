"""What readers would see if a post were published or shown to others: the same rule, asked in a transaction that is rolled back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from beside.access.models import AccessRequest, Consent
from beside.access.policy import NothingToSee, SeenPost, Sight, Viewer, people_who_see, see
from beside.people.clocks import MAY_DIFFER
from beside.people.models import Account
from beside.photos.models import Photo
from beside.posts import audiences
from beside.posts.audiences import TakenBackForGood
from beside.posts.authorship import authors_of
from beside.posts.models import Audience, Post, ShareLink, ShareLinkApproval, ShareLinkDevice
from beside.posts.reach import Chosen, NobodyNamed, NoteNeeded, PhotographsWiderThanWords

IMPOSSIBLE = (NobodyNamed, NoteNeeded, PhotographsWiderThanWords, TakenBackForGood)


@contextmanager
def as_if_published(post: Post, *, at: datetime) -> Iterator[None]:
    """Inside the block, `post` is published in the database; afterwards that is rolled back.

    A draft is published at `at`, and bears that day in the active time zone. It counts as later by as much as clocks may differ: whoever
    was just added on another machine would see it. A post that was taken back stays so, as nothing can publish it.
    """
    with transaction.atomic():
        publishable = (Post.State.DRAFT, Post.State.CLOSED)
        Post.objects.filter(pk=post.pk, state__in=publishable).update(
            state=Post.State.PUBLISHED,
            published_at=Coalesce("published_at", Value(at + MAY_DIFFER)),
            written_on=Case(
                When(published_at=None, then=Value(timezone.localdate(at))), default="written_on"
            ),
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
    """Inside the block, `post` as `viewer` would see it before choosing to look; raises `NothingToSee`.

    It leaves out what anybody has chosen, asked or opened, as an author must never learn who looked.
    With `by_link`, the viewer's session has opened this link, and every author has agreed to it.
    Raises `ValueError` for a link without a session.
    """
    with as_if_published(post, at=at):
        Consent.objects.filter(photo__placed__post=post).delete()
        AccessRequest.objects.filter(post=post).delete()
        ShareLinkDevice.objects.filter(link__post=post).delete()
        if by_link is not None:
            _open(by_link, viewer, at=at)
        yield see(viewer, post.pk, at=at)


def _open(link: ShareLink, viewer: Viewer, *, at: datetime) -> None:
    if viewer.session is None:
        raise ValueError("A link is opened in a session.")
    approvals = (
        ShareLinkApproval(link=link, account=author, approved_at=at)
        for author in authors_of(link.post)
    )
    ShareLinkApproval.objects.bulk_create(approvals, ignore_conflicts=True)
    ShareLinkDevice.objects.create(
        link=link, session_id=viewer.session, opened_at=at, allowed_at=at
    )


@contextmanager
def seen_if_shown_to(
    post: Post, wanted: Chosen, viewer: Viewer, *, by: Account, at: datetime
) -> Iterator[SeenPost]:
    """Inside the block, `post` as `viewer` would see it if its audiences were `wanted`.

    `by` must be an author. Raises `NothingToSee`, also if these audiences aren't possible any more.
    """
    everybody = [author.pk for author in authors_of(post)]
    with as_if_published(post, at=at):
        try:
            audiences.change(post, wanted, by=by, at=at, approved_by=everybody)
        except IMPOSSIBLE:
            raise NothingToSee from None
        with seen_as(post, viewer, at=at) as seen:
            yield seen


def people_who_would_see(post: Post, *, at: datetime) -> dict[Account, Sight]:
    """Every account except the authors that would see anything of `post` if it were published, and how much.

    Photographs that are still being developed count as ready, as they soon will be.
    """
    with as_if_published(post, at=at):
        arriving = Photo.objects.filter(
            placed__post=post, state__in=[Photo.State.RECEIVING, Photo.State.RECEIVED]
        )
        arriving.update(state=Photo.State.READY, width=1, height=1)
        return people_now(post)


def people_now(post: Post) -> dict[Account, Sight]:
    """Every account except the authors that sees anything of `post` now, and how much, in order of name."""
    authors = [author.pk for author in authors_of(post)]
    people = people_who_see(post).exclude(pk__in=authors).select_related("profile")
    return {
        person: Sight(person.__dict__["sight"]) for person in people.order_by("profile__name", "pk")
    }


def named_only(
    people: dict[Account, Sight], post: Post, *, also: Collection[UUID] = ()
) -> dict[Account, Sight]:
    """If the words are for anyone, those of `people` whom an author named or let in, or who are in `also`.

    Otherwise all of them. A list of everybody would reveal who has an account here, so `also` may only
    have ids of people whom the reader of the list knows already.
    """
    if post.words_for != Audience.ANYONE:
        return people
    named = audiences.named_people(post)
    for_anyone = post.photographs_for == Audience.ANYONE
    return {
        person: sight
        for person, sight in people.items()
        if person.pk in named or person.pk in also or (sight >= Sight.VEIL and not for_anyone)
    }


def people_if_shown_to(
    post: Post, wanted: Chosen, *, by: Account, also: Collection[UUID] = (), at: datetime
) -> dict[Account, Sight]:
    """The people who would see anything of `post` if its audiences were `wanted`, in order of name.

    `by` must be an author. If the words would be for anyone, it has only those whom `named_only`
    keeps, with `also`. It is empty if these audiences aren't possible any more.
    """
    everybody = [author.pk for author in authors_of(post)]
    with as_if_published(post, at=at):
        try:
            audiences.change(post, wanted, by=by, at=at, approved_by=everybody)
        except IMPOSSIBLE:
            return {}
        changed = Post.objects.get(pk=post.pk)
        return named_only(people_who_would_see(changed, at=at), changed, also=also)
