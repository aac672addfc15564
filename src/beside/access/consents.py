"""Choosing to look, and folding away again. Nobody is ever told of either.

A consent is for single photographs. It lasts for the visit: until thirty minutes after
the last page that showed them was opened, or until the viewer folds them away, steps
away or signs out. "Don't ask me again" makes it the account's instead, until folded.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from beside.access.models import Consent
from beside.access.policy import NothingToSee, Sight, Viewer, see
from beside.photos.models import Photo
from beside.posts.models import PlacedPhoto

# A phone put down and taken up by somebody else asks again (a borrowed phone: security.md).
VISIT = timedelta(minutes=30)
# A page that is opened again within this time costs no write.
_WORTH_EXTENDING = timedelta(minutes=1)


@transaction.atomic
def give(
    viewer: Viewer,
    post_id: UUID,
    *,
    photo_ids: Collection[UUID] | None = None,
    remember: bool = False,
    at: datetime,
) -> None:
    """Open these photographs of a post, or all that lie in it now, to `viewer`.

    Raises `NothingToSee` unless the photographs are for `viewer`, and for an id that is not
    one of them. Where nothing is folded there is nothing to choose, and nothing is written.
    A visitor's choice needs the session of their visit, and is never remembered beyond it.
    """
    post = see(viewer, post_id, at=at)
    if post.sight < Sight.VEIL:
        raise NothingToSee
    lying = PlacedPhoto.objects.filter(post=post).values_list("photo_id", "photo__state")
    ready = {photo for photo, state in lying if state == Photo.State.READY}
    chosen = ready if photo_ids is None else set(photo_ids)
    if not chosen <= ready:
        raise NothingToSee
    if post.sight > Sight.VEIL:
        return
    if remember and viewer.account is not None:
        _for_the_account(viewer.account, chosen)
    elif viewer.session is not None:
        _for_the_visit(viewer.session, chosen, ends_at=at + VISIT)


def extend(viewer: Viewer, post_id: UUID, *, at: datetime) -> None:
    """A page that shows this post's photographs was opened: the visit's consents go on from `at`.

    One conditional update; it never revives what has ended.
    """
    if viewer.session is None:
        return
    alive = Q(ends_at__gt=at, ends_at__lt=at + VISIT - _WORTH_EXTENDING)
    ours = Consent.objects.filter(alive, session=viewer.session, photo__placed__post=post_id)
    ours.update(ends_at=at + VISIT)


def fold_post(viewer: Viewer, post_id: UUID) -> None:
    """Fold away every photograph of a post: the visit's consents and the remembered ones end."""
    _given_by(viewer).filter(photo__placed__post=post_id).delete()


def fold_photo(viewer: Viewer, photo_id: UUID) -> None:
    """Fold away one photograph: both kinds of consent end."""
    _given_by(viewer).filter(photo=photo_id).delete()


def step_away(viewer: Viewer) -> None:
    """End everything that this visit had opened. What is remembered stays."""
    if viewer.session is not None:
        Consent.objects.filter(session=viewer.session).delete()


def purge(*, at: datetime) -> int:
    """Remove the consents that ended before `at`; the worker calls it. Returns how many."""
    return Consent.objects.filter(ends_at__lte=at).delete()[0]


def _for_the_account(account: UUID, photos: Collection[UUID]) -> None:
    rows = [Consent(photo_id=photo, account_id=account) for photo in photos]
    Consent.objects.bulk_create(rows, ignore_conflicts=True)


def _for_the_visit(session: str, photos: Collection[UUID], *, ends_at: datetime) -> None:
    rows = [Consent(photo_id=photo, session_id=session, ends_at=ends_at) for photo in photos]
    Consent.objects.bulk_create(rows, ignore_conflicts=True)
    Consent.objects.filter(session=session, photo__in=photos).update(ends_at=ends_at)


def _given_by(viewer: Viewer) -> QuerySet[Consent]:
    mine = Q(pk__in=[])
    if viewer.session is not None:
        mine |= Q(session=viewer.session)
    if viewer.account is not None:
        mine |= Q(account=viewer.account)
    return Consent.objects.filter(mine)
