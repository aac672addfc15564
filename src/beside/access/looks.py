"""Looks: a moderator sees a letter's words, one of its photographs, or a response, after writing down why.

The access rule reads the rows (`access.conditions.has_look`). Each is written into the trail in the same transaction, and
those whom it concerns are told. Who may look because of which report is for `moderation.looks` to decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from beside.access import trail
from beside.access.conditions import Viewer
from beside.access.models import Look
from beside.access.policy import NothingToSee, Sight, see
from beside.notices import notices
from beside.notices.models import Notice
from beside.photos.models import Photo
from beside.posts.authorship import authors_of
from beside.posts.models import PlacedPhoto, Post

TERM = timedelta(minutes=15)


@transaction.atomic
def begin(
    viewer: Viewer, post_id: UUID, photo_id: UUID | None, *, report: UUID, reason: str, at: datetime
) -> None:
    """Begin a look at a letter's words, or at one of its photographs once its words are open to `viewer`.

    Raises `NothingToSee` if the letter isn't published (any more), or the photograph isn't in it or not ready.
    """
    post = Post.objects.select_for_update().filter(pk=post_id, state=Post.State.PUBLISHED).first()
    if post is None:
        raise NothingToSee
    if photo_id is not None:
        _require_photograph(post, photo_id, viewer, at=at)
    _begin(viewer, {"post": post.pk, "photo": photo_id}, report=report, reason=reason, at=at)
    for author in authors_of(post):
        notices.tell(author.pk, Notice.Kind.LOOKED, about=post.pk, at=at)


@transaction.atomic
def begin_at_response(
    viewer: Viewer, response_id: UUID, *, report: UUID, reason: str, at: datetime
) -> None:
    """Begin a look at a response, which the caller has locked. Responses are a layer above, so the caller tells of it.

    Raises `NothingToSee` to somebody who isn't signed in.
    """
    _begin(viewer, {"response": response_id}, report=report, reason=reason, at=at)


def photographs_open(viewer: Viewer, *, report: UUID, at: datetime) -> QuerySet[Photo]:
    """The photographs at which `viewer` has begun looks because of `report`; the rule decides which of them are sent."""
    begun = Look.objects.filter(
        moderator=viewer.account, session=viewer.session, report=report, ends_at__gt=at
    )
    return Photo.objects.filter(pk__in=begun.values("photo"))


def end(report: UUID) -> None:
    """End every look that was begun because of a report."""
    Look.objects.filter(report=report).delete()


def purge(*, at: datetime) -> None:
    """Delete the looks that ended before `at`. The worker calls this."""
    Look.objects.filter(ends_at__lte=at).delete()


def _begin(
    viewer: Viewer,
    about: Mapping[str, UUID | None],
    *,
    report: UUID,
    reason: str,
    at: datetime,
) -> None:
    if viewer.account is None or viewer.session is None:
        raise NothingToSee
    trail.append(moderator=viewer.account, report=report, reason=reason, at=at, **about)
    ids = {name if name == "response" else f"{name}_id": value for name, value in about.items()}
    Look.objects.create(
        moderator_id=viewer.account,
        session_id=viewer.session,
        report=report,
        ends_at=at + TERM,
        **ids,
    )


def _require_photograph(post: Post, photo_id: UUID, viewer: Viewer, *, at: datetime) -> None:
    placed = PlacedPhoto.objects.filter(post=post, photo=photo_id, photo__state=Photo.State.READY)
    if see(viewer, post.pk, at=at).sight < Sight.WORDS or not placed.exists():
        raise NothingToSee
