"""Beginning the upload of a photograph that may belong in a letter, unless its file is here already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from beside.people.models import Account
from beside.photos import duplicates, uploads
from beside.photos.duplicates import digest_of
from beside.photos.models import Photo, Upload
from beside.posts import destroying, drafting
from beside.posts.authorship import locked
from beside.posts.models import Post


class AlreadyHere(Exception):
    """The same person has put the same file here before. Nothing is lost by not sending it again."""

    def __init__(self, *, in_letter: bool, on_its_way: bool) -> None:
        if on_its_way:
            says = _("This one is already on its way here, so it wasn’t sent a second time.")
        elif in_letter:
            says = _("This letter has this one already, so it wasn’t sent again.")
        else:
            says = _("You have this one already, so it wasn’t sent again.")
        super().__init__(says)


@dataclass(frozen=True, slots=True)
class Announced:
    """What a phone says of a file before it sends it.

    `content_hash` is its `duplicates.ContentHash`, if the phone could compute it; `again` asks for a second copy.
    """

    total_bytes: int
    name_on_phone: str = ""
    closed: bool = False
    content_hash: bytes | None = None
    again: bool = False


@transaction.atomic
def begin_upload(
    account: Account, announced: Announced, *, post_id: UUID | None = None, at: datetime
) -> Upload | Photo:
    """Expect a photograph, and place it in the letter `post_id`, if one is given.

    Where the same file is on its way to the same place already, this is that upload, to be resumed. Where it lies
    in the drawer and a letter is given, it is placed there, and this is the photograph: nothing has to be sent.

    A letter that doesn't exist yet is begun: callers must have checked that `account` was given its id.
    Raises what `uploads.begin` and `drafting.place` raise, `NotAnAuthor` and `AlreadyHere`; then nothing has changed.
    """
    post = None
    if post_id is not None:
        # Every act on a letter locks it before it touches keys.
        post = locked(drafting.begin(post_id, by=account, at=at), by=account)
    found = None if announced.again else _same_file(account, announced, post)
    if found is not None:
        return found
    upload = uploads.begin(
        account,
        announced.total_bytes,
        name_on_phone=announced.name_on_phone,
        closed=announced.closed,
        content_hash=announced.content_hash,
        at=at,
    )
    if post is not None:
        drafting.place(post, upload.photo, by=account)
    return upload


def _same_file(account: Account, announced: Announced, post: Post | None) -> Upload | Photo | None:
    if announced.content_hash is None:
        return None
    digest = digest_of(announced.content_hash, owner=account.pk)
    same = duplicates.same(account, digest).exclude(pk__in=_to_be_destroyed(account))
    same = same.select_related("upload", "placed", "portrait")
    photos = [photo for photo in same if _length(photo) == announced.total_bytes]
    here = next((photo for photo in photos if _post_of(photo) == (post and post.pk)), None)
    if here is not None and here.state == Photo.State.RECEIVING:
        return here.upload
    free = next(
        (one for one in photos if post and one.state == Photo.State.READY and _is_free(one)), None
    )
    if here is None and post is not None and free is not None:
        drafting.place(post, free, by=account)
        return free
    if photos:
        on_its_way = all(photo.state == Photo.State.RECEIVING for photo in photos)
        raise AlreadyHere(in_letter=here is not None and post is not None, on_its_way=on_its_way)
    return None


def _to_be_destroyed(account: Account) -> QuerySet[Photo]:
    """What `account` has asked to be destroyed. Somebody who sends it again doesn't want it gone with the other."""
    asked = destroying.asked_by(account)
    return Photo.objects.filter(Q(destructions__in=asked) | Q(placed__post__destructions__in=asked))


def _length(photo: Photo) -> int:
    """How many bytes the file has. A hash that is right implies it, and one that is wrong must not join two files."""
    return photo.upload.total_bytes if hasattr(photo, "upload") else photo.original_bytes


def _post_of(photo: Photo) -> UUID | None:
    return photo.placed.post_id if hasattr(photo, "placed") else None


def _is_free(photo: Photo) -> bool:
    return not hasattr(photo, "placed") and not hasattr(photo, "portrait")
