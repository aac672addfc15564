"""Taking a photograph out of a letter while writing it, and putting it back where it was."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from beside.people.models import Account
from beside.photos.models import Hold, Photo
from beside.posts import drafting
from beside.posts.authorship import NotAnAuthor, locked, require_author
from beside.posts.models import PlacedPhoto, Post, RemovedPhoto

# How long putting it back is offered. Afterwards it is still in its holders' drawers.
UNDO = timedelta(days=1)


@transaction.atomic
def remove(post: Post, photo: Photo, *, by: Account, at: datetime) -> None:
    """Take a photograph out of the letter, back to the drawer, and remember where it was.

    It keeps its description and caption; doing it twice is harmless. Raises `NotAnAuthor`.
    """
    post = locked(post, by=by)
    RemovedPhoto.objects.filter(post=post, removed_at__lte=at - UNDO).delete()
    placed = PlacedPhoto.objects.filter(post=post, photo=photo).first()
    if placed is None:
        return
    RemovedPhoto.objects.create(
        post=post,
        photo=photo,
        place=post.placed.filter(position__lt=placed.position).count(),
        number=placed.number,
        beside_previous=placed.beside_previous,
        removed_at=at,
    )
    drafting.take_out(post, photo, by=by)


def latest(post: Post, *, by: Account, at: datetime) -> RemovedPhoto | None:
    """The photograph that was taken out last, if `by` can put it back; raises `NotAnAuthor`."""
    require_author(post, by=by)
    held = Hold.objects.filter(account=by, kind=Hold.Kind.ORIGINAL)
    recent = RemovedPhoto.objects.filter(post=post, removed_at__gt=at - UNDO, photo__holds__in=held)
    return recent.order_by("-removed_at", "-pk").first()


@transaction.atomic
def put_back(post: Post, photo: Photo, *, by: Account) -> None:
    """Undo `remove`: the photograph has its place and its number again, and so its line in the words.

    Raises `NotAnAuthor` if it wasn't taken out of this letter, and what `drafting.place` raises:
    readers of a published letter see it again at once.
    """
    post = locked(post, by=by)
    removed = RemovedPhoto.objects.filter(post=post, photo=photo).first()
    if removed is None:
        raise NotAnAuthor
    in_order = list(post.placed.order_by("position").values_list("photo_id", flat=True))
    placed = drafting.place(post, photo, by=by)
    PlacedPhoto.objects.filter(pk=placed.pk).update(
        number=removed.number, beside_previous=removed.beside_previous
    )
    in_order.insert(removed.place, photo.pk)
    drafting.order(post, in_order, by=by)
