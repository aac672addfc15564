"""Doing again, over an older state of the database, what authors have narrowed since; and starting closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from beside.people.models import Narrowing
from beside.photos.models import Hold, Photo, Rendition, Tombstone
from beside.photos.vault.destroying import destroy
from beside.posts.models import Authorship, Post

Subject = Mapping[str, str]
Kind = Narrowing.Kind


@transaction.atomic
def replay(kind: str, subject: Subject, *, at: datetime) -> None:
    """Do one narrowing of posts again; one about people, or about no post that is here, does nothing.

    The keys are not touched: those that are there come from a keyring that is newer than all of this.
    """
    again = _AGAIN.get(kind)
    if again is not None:
        again(subject, at)


@transaction.atomic
def follow_the_keys(*, since: int, at: datetime) -> None:
    """Make photographs say what the keyring says, whose destroys after generation `since` the rows never saw.

    What was destroyed has no row any more, with every word about it; what was taken back waits to be
    developed anew for its holders. What was still on its way is let go of: its first part is in no copy.
    """
    arriving = Photo.objects.filter(state=Photo.State.RECEIVING)
    destroy(Hold.objects.filter(photo__in=arriving), at=at)
    arriving.delete()
    stones = Tombstone.objects.filter(generation__gt=since)
    gone = stones.filter(kind=Hold.Kind.ORIGINAL).values("photo_id")
    Photo.objects.filter(pk__in=gone, holds=None).delete()
    unshown = Photo.objects.filter(
        pk__in=stones.filter(kind=Hold.Kind.SHOWN).values("photo_id"),
        state=Photo.State.READY,
    )
    Rendition.objects.filter(photo__in=unshown).delete()
    unshown.update(state=Photo.State.RECEIVED, attempts=0, leased_until=None)


def close_all(*, at: datetime) -> None:
    """Close every published post, so that only its authors see it until somebody says otherwise."""
    Post.objects.filter(state=Post.State.PUBLISHED).update(state=Post.State.CLOSED, closed_at=at)


def open_again(*, closed_at: datetime) -> None:
    """Open the posts that `close_all` closed at that moment, and that nobody has closed or ended since."""
    closed = Post.objects.filter(state=Post.State.CLOSED, closed_at=closed_at)
    closed.update(state=Post.State.PUBLISHED, closed_at=None)


def _close(subject: Subject, at: datetime) -> None:
    """It may have been narrowed by less: how far it went then is no longer known, and its author can reopen it."""
    post = Post.objects.filter(pk=UUID(subject["post"]), state=Post.State.PUBLISHED)
    post.update(state=Post.State.CLOSED, closed_at=at)


def _take_back(subject: Subject, at: datetime) -> None:
    ended = (Post.State.DRAFT, Post.State.TAKEN_BACK)
    post = Post.objects.filter(pk=UUID(subject["post"])).exclude(state__in=ended)
    post.update(state=Post.State.TAKEN_BACK, taken_back_at=at, closed_at=None)
    for photo in Photo.objects.filter(placed__post=UUID(subject["post"])):
        photo.consents.all().delete()


def _destroy(subject: Subject, at: datetime) -> None:
    """The letter goes with its last author; its photographs follow their keys."""
    if "post" not in subject:
        return
    post_id = UUID(subject["post"])
    Authorship.objects.filter(post=post_id, account=UUID(subject["account"])).delete()
    if not Authorship.objects.filter(post=post_id).exists():
        Post.objects.filter(pk=post_id).delete()


_AGAIN: dict[str, Callable[[Subject, datetime], None]] = {
    Kind.NARROWED: _close,
    Kind.TAKEN_BACK: _take_back,
    Kind.DESTROYED: _destroy,
}
