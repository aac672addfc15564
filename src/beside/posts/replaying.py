"""Replaying on a restored database what authors have narrowed since the backup, and starting with posts closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from beside.people.models import Narrowing
from beside.photos import removal
from beside.photos.models import Hold, Photo, Tombstone
from beside.photos.replaying import wait_again
from beside.photos.vault.destroying import destroy
from beside.posts import suspensions
from beside.posts.models import Authorship, Post

Subject = Mapping[str, str]
Kind = Narrowing.Kind


@transaction.atomic
def replay(kind: str, subject: Subject, *, at: datetime) -> None:
    """Replay one narrowing of a post; one about people, or about a post that isn't here, does nothing.

    Keys are left alone: the keyring is newer than the restored database.
    """
    again = _AGAIN.get(kind)
    if again is not None:
        again(subject, at)


@transaction.atomic
def follow_the_keys(*, since: int, at: datetime) -> None:
    """Apply to the photographs' rows what the keyring destroyed after its generation `since`.

    A destroyed photograph loses its row with all words about it; one that was taken back waits to be
    developed again for its holders. An unfinished upload is dropped, because no backup holds its parts.
    """
    drop_arriving(at=at)
    stones = Tombstone.objects.filter(generation__gt=since)
    gone = stones.filter(kind=Hold.Kind.ORIGINAL)
    removal.delete_unheld(gone.values_list("photo_id", flat=True).distinct())
    unshown = stones.filter(kind=Hold.Kind.SHOWN).values("photo_id")
    wait_again(Photo.objects.filter(pk__in=unshown))


@transaction.atomic
def drop_arriving(*, at: datetime) -> None:
    """Drop unfinished uploads, whose bytes are neither in a backup nor moved; the phones still have them.

    They are locked, so that none arrives after its key was destroyed.
    """
    receiving = Photo.objects.select_for_update().filter(state=Photo.State.RECEIVING)
    arriving = list(receiving.order_by("pk").values_list("pk", flat=True))
    destroy(Hold.objects.filter(photo__in=arriving), at=at)
    Photo.objects.filter(pk__in=arriving).delete()


def close_all(*, at: datetime) -> None:
    """Close every published post, so that only its authors see it until one of them reopens it."""
    Post.objects.filter(state=Post.State.PUBLISHED).update(state=Post.State.CLOSED, closed_at=at)


def open_again(*, closed_at: datetime) -> None:
    """Reopen the posts that `close_all` closed at `closed_at` and nobody has closed or taken back since."""
    closed = Post.objects.filter(state=Post.State.CLOSED, closed_at=closed_at)
    closed.update(state=Post.State.PUBLISHED, closed_at=None)


def _close(subject: Subject, at: datetime) -> None:
    """Close the post: how far it was narrowed is not recorded, and its author can reopen it."""
    post = Post.objects.filter(pk=UUID(subject["post"]), state=Post.State.PUBLISHED)
    post.update(state=Post.State.CLOSED, closed_at=at)


def _take_back(subject: Subject, at: datetime) -> None:
    ended = (Post.State.DRAFT, Post.State.TAKEN_BACK)
    post = Post.objects.filter(pk=UUID(subject["post"])).exclude(state__in=ended)
    post.update(state=Post.State.TAKEN_BACK, taken_back_at=at, closed_at=None)
    for photo in Photo.objects.filter(placed__post=UUID(subject["post"])):
        photo.consents.all().delete()


def _destroy(subject: Subject, at: datetime) -> None:
    """Remove the author, and the post with its last author. `follow_the_keys` removes its photographs."""
    if "post" not in subject:
        return
    post_id = UUID(subject["post"])
    Authorship.objects.filter(post=post_id, account=UUID(subject["account"])).delete()
    if not Authorship.objects.filter(post=post_id).exists():
        Post.objects.filter(pk=post_id).delete()


def _suspend(subject: Subject, at: datetime) -> None:
    suspensions.suspend_again(UUID(subject["post"]), at=at)


_AGAIN: dict[str, Callable[[Subject, datetime], None]] = {
    Kind.NARROWED: _close,
    Kind.TAKEN_BACK: _take_back,
    Kind.DESTROYED: _destroy,
    Kind.POST_SUSPENDED: _suspend,
}
