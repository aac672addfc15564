"""Destroying a post or a photograph: thirty days after asking, an author's holds on its keys end.

A key that another author still holds is not destroyed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from beside.people import narrowings, time_zones
from beside.people.models import Account, Narrowing
from beside.photos import disk_full
from beside.photos.broken_rows import all_that_can
from beside.photos.models import Hold, Photo
from beside.photos.removal import delete_unheld
from beside.photos.vault.destroying import destroy, drop, replace
from beside.posts import indexed_texts
from beside.posts.authorship import NotAnAuthor, WaitsForOthers, locked
from beside.posts.closing import close
from beside.posts.drafting import take_out
from beside.posts.models import Authorship, Destruction, PlacedPhoto, Post

# People decide at night and think differently in the morning.
DAYS_TO_THINK = timedelta(days=30)
# Their posts stay locked while they are carried out.
_AT_ONCE = 50

# A request's id, and that of its post.
_Due = tuple[UUID, UUID | None]


class StillArriving(Exception):
    """A photograph can't be destroyed while it is being uploaded."""

    def __init__(self) -> None:
        super().__init__(
            _("This photograph is still arriving. In a few minutes you can decide about it.")
        )


@disk_full.with_reserve
@transaction.atomic
def ask_for_post(post: Post, *, by: Account, at: datetime) -> Destruction:
    """Ask for the post and the originals in it to be destroyed in thirty days. Asking again changes nothing.

    A published post is closed at once. Raises `NotAnAuthor`.
    """
    post = locked(post, by=by)
    close(post, by=by, at=at)
    waiting, _new = _waiting().get_or_create(
        account=by, post=post, defaults={"asked_at": at, "due_at": due(by, at=at)}
    )
    return waiting


@transaction.atomic
def ask_for_photo(photo: Photo, *, by: Account, at: datetime) -> Destruction:
    """Ask for one photograph to be destroyed in thirty days. Asking again changes nothing.

    It is taken out of its post at once. Raises `NotAnAuthor` and `StillArriving`.
    """
    own = Hold.objects.filter(photo=photo, account=by, kind=Hold.Kind.ORIGINAL)
    if not own.exists():
        raise NotAnAuthor
    if photo.state == Photo.State.RECEIVING:
        raise StillArriving
    placed = PlacedPhoto.objects.filter(photo=photo).select_related("post").first()
    if placed is not None and Authorship.objects.filter(post=placed.post, account=by).exists():
        take_out(placed.post, photo, by=by)
    # Without the lock, two simultaneous requests would both find none.
    own.select_for_update().first()
    waiting, _new = _waiting().get_or_create(
        account=by, photo=photo, defaults={"asked_at": at, "due_at": due(by, at=at)}
    )
    return waiting


@disk_full.with_reserve
@transaction.atomic
def destroy_now(asked: Destruction, *, by: Account, at: datetime) -> None:
    """Carry out a request without waiting, if nobody but `by` holds any of it.

    A request that was stopped or carried out in the meantime stays so. Raises `NotAnAuthor` and
    `WaitsForOthers`.
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
    """Stop a request; stopping it twice is harmless. Raises `NotAnAuthor`."""
    if asked.account_id != by.pk:
        raise NotAnAuthor
    Destruction.objects.filter(pk=asked.pk, done_at=None, stopped_at=None).update(stopped_at=at)


def due(account: Account, *, at: datetime) -> datetime:
    """When what `account` asks for at `at` would be destroyed."""
    return time_zones.later(account, at, DAYS_TO_THINK)


def held(photo_id: UUID, *, by: Account) -> Photo:
    """The photograph, if `by` holds its original; raises `NotAnAuthor`, also if there is none."""
    photo = Photo.objects.filter(
        pk=photo_id, holds__account=by, holds__kind=Hold.Kind.ORIGINAL
    ).first()
    if photo is None:
        raise NotAnAuthor
    return photo


def asked_by(account: Account) -> QuerySet[Destruction]:
    """This author's requests that can still be stopped, the next due first."""
    return _waiting().filter(account=account).order_by("due_at", "pk")


def is_alone(asked: Destruction) -> bool:
    """Whether nobody else holds any of it, so that it can be destroyed now."""
    return not _others_hold(asked)


def run_due(at: datetime) -> None:
    """Carry out every request that is due. The worker calls this; after a crash the rest follows next time.

    One that fails is logged, and left for the next time.
    """
    due = list(_waiting().filter(due_at__lte=at).order_by("due_at", "pk").values_list("pk", "post"))
    for start in range(0, len(due), _AT_ONCE):
        some = due[start : start + _AT_ONCE]
        all_that_can(
            some, partial(_run_waiting, at=at), "something that is to be destroyed could not be"
        )


@disk_full.with_reserve
@transaction.atomic
def _run_waiting(due: Sequence[_Due], *, at: datetime) -> None:
    """Carry them out together: replacing the keys above what ends takes as long for fifty as for one."""
    posts = [post for _, post in due if post is not None]
    locked_posts = Post.objects.select_for_update().filter(pk__in=posts).order_by("pk")
    list(locked_posts.values_list("pk", flat=True))
    for asked_id, post in due:
        asked = _locked(asked_id, post=post)
        if asked is not None:
            _carry_out(asked, end=drop, at=at)
    replace()


@transaction.atomic
def throw_away(post: Post, *, by: Account, at: datetime) -> Destruction:
    """Ask for a draft's text to be destroyed in thirty days. Its photographs go back to the drawer, and stay.

    Raises `NotAnAuthor`.
    """
    for placed in PlacedPhoto.objects.filter(post=post).select_related("photo"):
        take_out(post, placed.photo, by=by)
    return ask_for_post(post, by=by, at=at)


@transaction.atomic
def carry_out(asked: Destruction, *, at: datetime) -> None:
    """End the author's holds. What nobody holds any more is destroyed, with all words about it.

    When this has committed, no key to it exists; its files are deleted next.
    """
    _carry_out(asked, end=destroy, at=at)


def _carry_out(asked: Destruction, *, end: Callable[..., None], at: datetime) -> None:
    account, post = asked.account, asked.post
    ids = list(_photos_of(asked).values_list("pk", flat=True))
    end(_holds_that_end(ids, account), at=at)
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
    delete_unheld(ids)


def _waiting() -> QuerySet[Destruction]:
    return Destruction.objects.filter(stopped_at=None, done_at=None)


def _locked(asked_id: UUID, *, post: UUID | None) -> Destruction | None:
    """The row, if it still waits. The post is locked first, as everywhere, and the keys last."""
    if post is not None:
        Post.objects.select_for_update().filter(pk=post).first()
    return _waiting().select_for_update().filter(pk=asked_id).first()


def _photos_of(asked: Destruction) -> QuerySet[Photo]:
    if asked.post_id is not None:
        return Photo.objects.filter(placed__post=asked.post_id)
    return Photo.objects.filter(destructions=asked)


def _holds_that_end(photo_ids: list[UUID], account: Account) -> QuerySet[Hold]:
    """The account's own holds and, if nobody else holds the original, those on what was shown."""
    elsewhere = Hold.objects.filter(photo=OuterRef("photo"), kind=Hold.Kind.ORIGINAL)
    is_last = ~Exists(elsewhere.exclude(account=account))
    return Hold.objects.filter(photo__in=photo_ids).filter(Q(account=account) | is_last)


def _others_hold(asked: Destruction) -> bool:
    holds = Hold.objects.filter(photo__in=_photos_of(asked), kind=Hold.Kind.ORIGINAL)
    others = Authorship.objects.filter(post=asked.post_id).exclude(account=asked.account)
    return holds.exclude(account=asked.account).exists() or others.exists()


def _leave(post: Post, account: Account) -> None:
    """Remove the author, and delete the post if nobody is left."""
    Authorship.objects.filter(post=post, account=account).delete()
    if Authorship.objects.filter(post=post).exists():
        indexed_texts.follow(post)
    else:
        post.delete()
