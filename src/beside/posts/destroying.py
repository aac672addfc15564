"""The end of a letter or a photograph: an author lets go of their own way to its keys, after thirty days.

Nobody can destroy what another author still holds: what is held by somebody stays.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from beside.people import narrowings
from beside.people.models import Account, Narrowing
from beside.photos import reserve
from beside.photos.models import Hold, Photo
from beside.photos.vault.destroying import destroy
from beside.posts.authorship import NotAnAuthor, WaitsForOthers, locked
from beside.posts.closing import close
from beside.posts.drafting import take_out
from beside.posts.models import Authorship, Destruction, PlacedPhoto, Post

# In case a morning looks different from a night (product.md, eighth promise).
DAYS_TO_THINK = timedelta(days=30)


class StillArriving(Exception):
    """A photograph that is still on its way in can't be let go of yet."""

    def __init__(self) -> None:
        super().__init__(
            _("This photograph is still arriving. In a few minutes you can decide about it.")
        )


@reserve.used_if_full
@transaction.atomic
def ask_for_post(post: Post, *, by: Account, at: datetime) -> Destruction:
    """Have the letter and the originals in it destroyed in thirty days; asked twice, the first counts.

    A published post is closed at once. Raises `NotAnAuthor`.
    """
    post = locked(post, by=by)
    close(post, by=by, at=at)
    waiting, _new = _waiting().get_or_create(
        account=by, post=post, defaults={"asked_at": at, "due_at": at + DAYS_TO_THINK}
    )
    return waiting


@transaction.atomic
def ask_for_photo(photo: Photo, *, by: Account, at: datetime) -> Destruction:
    """Have one photograph destroyed in thirty days; asked twice, the first counts.

    It is taken out of the letter that it lies in at once. Raises `NotAnAuthor` and `StillArriving`.
    """
    own = Hold.objects.filter(photo=photo, account=by, kind=Hold.Kind.ORIGINAL)
    if not own.exists():
        raise NotAnAuthor
    if photo.state == Photo.State.RECEIVING:
        raise StillArriving
    placed = PlacedPhoto.objects.filter(photo=photo).select_related("post").first()
    if placed is not None and Authorship.objects.filter(post=placed.post, account=by).exists():
        take_out(placed.post, photo, by=by)
    # Or two that ask at once would both find that nothing was asked yet.
    own.select_for_update().first()
    waiting, _new = _waiting().get_or_create(
        account=by, photo=photo, defaults={"asked_at": at, "due_at": at + DAYS_TO_THINK}
    )
    return waiting


@reserve.used_if_full
@transaction.atomic
def destroy_now(asked: Destruction, *, by: Account, at: datetime) -> None:
    """Carry it out without waiting, where everybody who holds it says so: here, where `by` is alone.

    What was stopped, or done, meanwhile stays so. Raises `NotAnAuthor` and `WaitsForOthers`.
    """
    if asked.account_id != by.pk:
        raise NotAnAuthor
    waiting = _locked(asked.pk, post=asked.post_id)
    if waiting is None:
        return
    if _others_hold(waiting):
        raise WaitsForOthers
    carry_out(waiting, at=at)


@transaction.atomic
def stop(asked: Destruction, *, by: Account, at: datetime) -> None:
    """Keep it after all; twice is harmless. Raises `NotAnAuthor`."""
    if asked.account_id != by.pk:
        raise NotAnAuthor
    Destruction.objects.filter(pk=asked.pk, done_at=None, stopped_at=None).update(stopped_at=at)


def held(photo_id: UUID, *, by: Account) -> Photo:
    """The photograph, if `by` holds its original; raises `NotAnAuthor`, also if there is none."""
    photo = Photo.objects.filter(
        pk=photo_id, holds__account=by, holds__kind=Hold.Kind.ORIGINAL
    ).first()
    if photo is None:
        raise NotAnAuthor
    return photo


def asked_by(account: Account) -> QuerySet[Destruction]:
    """What this author has asked for and can still stop, the next one first."""
    return _waiting().filter(account=account).order_by("due_at", "pk")


def is_alone(asked: Destruction) -> bool:
    """Whether nobody else holds any of it, so that it can be done now."""
    return not _others_hold(asked)


def run_due(at: datetime) -> None:
    """Carry out whatever is due. The worker calls this; a crash in between leaves the rest for the next time."""
    due = _waiting().filter(due_at__lte=at).order_by("due_at", "pk")
    for asked_id, post_id in list(due.values_list("pk", "post_id")):
        with transaction.atomic():
            asked = _locked(asked_id, post=post_id)
            if asked is not None:
                carry_out(asked, at=at)


@transaction.atomic
def throw_away(post: Post, *, by: Account, at: datetime) -> Destruction:
    """Have a draft's words destroyed in thirty days. Its photographs go back to the drawer, and stay.

    Raises `NotAnAuthor`.
    """
    for placed in PlacedPhoto.objects.filter(post=post).select_related("photo"):
        take_out(post, placed.photo, by=by)
    return ask_for_post(post, by=by, at=at)


@transaction.atomic
def carry_out(asked: Destruction, *, at: datetime) -> None:
    """End this author's holds. What nobody holds any more goes, with every word about it.

    When this has committed, no key to it exists; the sweeper takes the files away later.
    """
    account, post = asked.account, asked.post
    ids = list(_photos_of(asked).values_list("pk", flat=True))
    destroy(_holds_that_end(ids, account), at=at)
    Destruction.objects.filter(pk=asked.pk).update(done_at=at)
    narrowings.record(
        Narrowing.Kind.DESTROYED,
        at=at,
        account=account.pk,
        post=asked.post_id,
        photo=asked.photo_id,
    )
    if post is not None:
        _leave(post, account)
    Photo.objects.filter(pk__in=ids, holds=None).delete()


def _waiting() -> QuerySet[Destruction]:
    return Destruction.objects.filter(stopped_at=None, done_at=None)


def _locked(asked_id: UUID, *, post: UUID | None) -> Destruction | None:
    """The row, if it still waits. The post is locked before it, as by every act on a post, and the keys after."""
    if post is not None:
        Post.objects.select_for_update().filter(pk=post).first()
    return _waiting().select_for_update().filter(pk=asked_id).first()


def _photos_of(asked: Destruction) -> QuerySet[Photo]:
    if asked.post_id is not None:
        return Photo.objects.filter(placed__post=asked.post_id)
    return Photo.objects.filter(destructions=asked)


def _holds_that_end(photo_ids: list[UUID], account: Account) -> QuerySet[Hold]:
    """One's own; and where nobody else holds the original, whatever way is left to what was shown."""
    elsewhere = Hold.objects.filter(photo=OuterRef("photo"), kind=Hold.Kind.ORIGINAL)
    is_last = ~Exists(elsewhere.exclude(account=account))
    return Hold.objects.filter(photo__in=photo_ids).filter(Q(account=account) | is_last)


def _others_hold(asked: Destruction) -> bool:
    holds = Hold.objects.filter(photo__in=_photos_of(asked), kind=Hold.Kind.ORIGINAL)
    others = Authorship.objects.filter(post=asked.post_id).exclude(account=asked.account)
    return holds.exclude(account=asked.account).exists() or others.exists()


def _leave(post: Post, account: Account) -> None:
    """The letter dies with its last author's going, and stays whole for those who remain."""
    Authorship.objects.filter(post=post, account=account).delete()
    if not Authorship.objects.filter(post=post).exists():
        post.delete()
