"""Choosing to look at photographs, and folding them away again. Nobody is ever told of either.

A consent is for one photograph. It lasts for the visit: until thirty minutes after the last
page that showed the photograph was opened, or until the viewer folds it away, steps away or
signs out. After "don't ask me again" it belongs to the account, until it is folded away.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from beside.access import conditions
from beside.access.models import Consent
from beside.access.policy import NothingToSee, Sight, Viewer, see
from beside.people.models import Profile
from beside.photos.models import Photo
from beside.posts.models import Authorship, PlacedPhoto
from beside.querysets.prepared import prepared

# Somebody who picks up a phone that was put down is asked again (docs/security.md: a borrowed phone).
VISIT = timedelta(minutes=30)
# Reopening a page within this time writes nothing.
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
    """Record that `viewer` chose to look at these photographs of a post, or at all that are in it now.

    Raises `NothingToSee` unless `viewer` may look at the post's photographs, and for an id that
    isn't one of them. If the photographs aren't folded for `viewer`, nothing is written; for the
    authors the page of their letter folds them. Somebody without an account needs a session, and
    their choice is never remembered beyond it.
    """
    post = see(viewer, post_id, at=at)
    if post.sight < Sight.VEIL:
        raise NothingToSee
    placed = PlacedPhoto.objects.filter(post=post).values_list("photo_id", "photo__state")
    ready = {photo for photo, state in placed if state == Photo.State.READY}
    chosen = ready if photo_ids is None else set(photo_ids)
    if not chosen <= ready:
        raise NothingToSee
    if post.sight > Sight.VEIL and not _is_author(viewer, post_id):
        return
    if remember and viewer.account is not None:
        _for_the_account(viewer.account, chosen)
    elif viewer.session is not None:
        _for_the_visit(viewer.session, chosen, ends_at=at + VISIT)


@dataclass(frozen=True, slots=True)
class OwnPhotographs:
    """What an author has chosen about the photographs of their own post, by id.

    The policy lets authors have all of them that aren't `hidden`. A page shows them only those
    that are `opened`, which is all of them if they want them open `unasked`.
    """

    opened: frozenset[UUID]
    hidden: frozenset[UUID]
    unasked: bool


def of_author(viewer: Viewer, post_id: UUID, *, at: datetime) -> OwnPhotographs:
    """What `viewer`, an author of the post, has opened and hidden from themselves."""
    photos = Photo.objects.filter(placed__post=post_id)
    unasked = Profile.objects.filter(account=viewer.account, opens_own_photographs=True).exists()
    opened = photos if unasked else photos.filter(conditions.has_consented(viewer, at))
    hidden = photos.filter(conditions.is_hidden(viewer.account))
    return OwnPhotographs(
        opened=frozenset(opened.values_list("pk", flat=True)),
        hidden=frozenset(hidden.values_list("pk", flat=True)),
        unasked=unasked,
    )


def extend(viewer: Viewer, post_id: UUID, *, at: datetime) -> None:
    """Extend the session's consents for this post, as a page that shows its photographs was opened at `at`.

    It is one conditional update, and never revives a consent that has ended. Most pages have nothing to extend,
    and then nothing waits for those who write.
    """
    if viewer.session is None:
        return
    soon = at + VISIT - _WORTH_EXTENDING
    if _extendable.any(viewer.session, post_id, at, soon):
        _extendable(viewer.session, post_id, at, soon).update(ends_at=at + VISIT)


@prepared
def _extendable(session: str, post_id: UUID, at: datetime, soon: datetime) -> QuerySet[Consent]:
    return Consent.objects.filter(
        session=session, photo__placed__post=post_id, ends_at__gt=at, ends_at__lt=soon
    )


def fold_post(viewer: Viewer, post_id: UUID) -> None:
    """Fold away every photograph of a post, ending the session's consents and the account's."""
    _given_by(viewer).filter(photo__placed__post=post_id).delete()


def fold_photo(viewer: Viewer, photo_id: UUID) -> None:
    """Fold away one photograph, ending the session's consent and the account's."""
    _given_by(viewer).filter(photo=photo_id).delete()


def step_away(viewer: Viewer) -> None:
    """End all of the session's consents. Those that the account remembers stay."""
    if viewer.session is not None:
        Consent.objects.filter(session=viewer.session).delete()


def purge(*, at: datetime) -> int:
    """Delete the consents that ended before `at`, and return how many. The worker calls this."""
    return Consent.objects.filter(ends_at__lte=at).delete()[0]


def _is_author(viewer: Viewer, post_id: UUID) -> bool:
    return Authorship.objects.filter(post=post_id, account=viewer.account).exists()


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
