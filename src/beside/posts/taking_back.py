"""Taking a post back, for good. It can't be undone and nothing here asks for confirmation: the page does."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from beside.notices import notices
from beside.notices.models import Notice
from beside.people import narrowings
from beside.people.models import Account, Narrowing
from beside.photos import disk_full, removal
from beside.photos.models import Hold, Photo, Rendition
from beside.photos.vault.destroying import destroy
from beside.posts import coauthors, indexed_texts
from beside.posts.authorship import authors_of, locked
from beside.posts.models import Post


@disk_full.with_reserve
@transaction.atomic
def take_back(post: Post, *, by: Account, at: datetime) -> None:
    """Take `post` back, as any of its authors may alone; doing it twice is harmless.

    When this has committed, the key of every rendition that readers were sent is destroyed and no link
    to the photographs or consent to them works again. The authors keep the originals; a worker makes
    new renditions for them under a new key. A draft stays as it is. Raises `NotAnAuthor`.
    """
    post = locked(post, by=by)
    if post.state in (Post.State.DRAFT, Post.State.TAKEN_BACK):
        return
    post.state, post.taken_back_at, post.closed_at = Post.State.TAKEN_BACK, at, None
    post.save(update_fields=["state", "taken_back_at", "closed_at"])
    _end_what_was_shown(post, at=at)
    indexed_texts.forget(post)
    coauthors.end_open_invitation(post)
    narrowings.record(Narrowing.Kind.TAKEN_BACK, at=at, post=post.pk)
    for author in authors_of(post):
        if author.pk != by.pk:
            notices.tell(author.pk, Notice.Kind.TAKEN_BACK, about=post.pk, actor=by.pk, at=at)


def _end_what_was_shown(post: Post, *, at: datetime) -> None:
    photos = Photo.objects.filter(placed__post=post)
    for photo in photos:
        photo.consents.all().delete()
    # Keys first: a worker that makes renditions holds the epoch while it writes them.
    destroy(Hold.objects.filter(photo__in=photos, kind=Hold.Kind.SHOWN), at=at)
    removal.delete_renditions(Rendition.objects.filter(photo__in=photos))
    # The row is the worker's queue: it develops the original again, for its authors only.
    ready = Photo.objects.filter(pk__in=photos.values("pk"), state=Photo.State.READY)
    ready.update(state=Photo.State.RECEIVED, attempts=0, leased_until=None)
