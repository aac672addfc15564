"""Beginning a letter and arranging the photographs in it. Nothing here shows anything to anybody new."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from beside.people import time_zones
from beside.people.models import Account
from beside.photos.models import HiddenPhoto, Hold, Photo
from beside.photos.vault import keyring
from beside.posts import languages, reach
from beside.posts.authorship import NotAnAuthor, authors_of, locked, require_author
from beside.posts.models import Audience, Authorship, PlacedPhoto, Post, RemovedPhoto


class LiesElsewhere(Exception):
    """A photograph can be in one letter only, or on one profile."""

    def __init__(self) -> None:
        super().__init__(
            _("This photograph is in another letter already. Take it out there first.")
        )


class PutHereByAnother(Exception):
    """Only a post that its uploader is an author of may take a photograph; holding a key is not enough."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Someone else put this photograph here. It’s yours to keep, and it can only be in a"
                " letter that you write together."
            )
        )


class ShownByAll(Exception):
    """Readers would see the photograph at once, and only one of several authors has approved that."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This letter is being shown, and you’re not its only author, so the others have to agree first."
                " Ask them under “Add photographs” on the letter’s page, or close it first."
            )
        )


@transaction.atomic
def begin(post_id: UUID, *, by: Account, at: datetime) -> Post:
    """The draft with this id, created if there is none yet.

    Raises `NotAnAuthor` if it is somebody else's.
    """
    begun = {
        "begun_at": at,
        "saved_at": at,
        "written_on": time_zones.day_of(by, at),
        "language": languages.spoken_by(by),
    }
    post, new = Post.objects.get_or_create(pk=post_id, defaults=begun)
    if new:
        Authorship.objects.create(post=post, account=by, joined_at=at)
    require_author(post, by=by)
    return post


@transaction.atomic
def place(
    post: Post, photo: Photo, *, by: Account, approved_by: Collection[UUID] = ()
) -> PlacedPhoto:
    """Put a photograph that `by` holds at the end of the letter; doing it twice is harmless.

    Readers of a published letter meet it at once, so every author of one must be `by` or in `approved_by`.
    Every author gets a hold on its keys; from an author who didn't hold it before, it stays hidden
    until they open it. Raises `NotAnAuthor`, `LiesElsewhere`, `PutHereByAnother` and `ShownByAll`.
    """
    post = locked(post, by=by)
    placed = PlacedPhoto.objects.filter(photo=photo, post=post).first()
    if placed is not None and _holds(photo, by):
        return placed
    require_placeable(post, photo, by=by)
    authors = authors_of(post)
    agreed = {by.pk, *approved_by}
    if has_readers(post) and not all(author.pk in agreed for author in authors):
        raise ShownByAll
    for author in authors:
        give_unseen(photo, to=author)
    return _lay(post, photo)


def require_placeable(post: Post, photo: Photo, *, by: Account) -> None:
    """Return only if `photo` is in no letter yet and `by` may put it in `post`, which other authors may have to allow.

    Raises `NotAnAuthor`, `LiesElsewhere` and `PutHereByAnother`.
    """
    require_author(post, by=by)
    if not _holds(photo, by):
        raise NotAnAuthor
    if hasattr(photo, "portrait") or PlacedPhoto.objects.filter(photo=photo).exists():
        raise LiesElsewhere
    if not post.authorships.filter(account=photo.uploader_id).exists():
        raise PutHereByAnother


def give_unseen(photo: Photo, *, to: Account) -> None:
    """Give an author their own hold on a photograph, hidden from them until they open it.

    Nothing changes for somebody who holds it already, or if its key is destroyed. Needs a transaction;
    the caller must have checked that `to` is an author of the letter the photograph is in.
    """
    if _holds(photo, to):
        return
    try:
        keyring.add_holder(photo, account=to)
    except keyring.KeyDestroyed:
        return
    since = {"since": photo.uploaded_at}  # They have never been shown it.
    HiddenPhoto.objects.get_or_create(photo=photo, account=to, defaults=since)


@transaction.atomic
def move(post: Post, photo: Photo, *, by: Account, steps: int) -> None:
    """Move a photograph by `steps` positions, towards the start if negative, and no further than the ends."""
    locked(post, by=by)
    order_now = list(post.placed.order_by("position").values_list("photo_id", flat=True))
    if photo.pk not in order_now:
        raise NotAnAuthor
    place_now = order_now.index(photo.pk)
    order_now.insert(max(0, place_now + steps), order_now.pop(place_now))
    order(post, order_now, by=by)


@transaction.atomic
def order(post: Post, photo_ids: Sequence[UUID], *, by: Account) -> None:
    """Put the photographs in this order. Those not in `photo_ids` follow, in the order they had."""
    locked(post, by=by)
    wanted = {photo: place for place, photo in enumerate(photo_ids)}
    placed = list(post.placed.order_by("position"))
    placed.sort(key=lambda one: wanted.get(one.photo_id, len(wanted)))
    for position, one in enumerate(placed):
        one.position = position
    PlacedPhoto.objects.bulk_update(placed, ["position"])


@transaction.atomic
def take_out(post: Post, photo: Photo, *, by: Account) -> None:
    """Take a photograph out of the letter, back to the drawer. It keeps its description and caption.

    `removed_photos.remove` is the same for somebody who may want to undo it.
    """
    locked(post, by=by)
    PlacedPhoto.objects.filter(post=post, photo=photo).delete()


def has_readers(post: Post) -> bool:
    """Whether anybody but its authors may see photographs of `post` now."""
    named = post.photographs_for != Audience.ONLY_US
    return post.state == Post.State.PUBLISHED and (named or reach.shows_photographs_by_link(post))


def _holds(photo: Photo, account: Account) -> bool:
    return Hold.objects.filter(photo=photo, account=account, kind=Hold.Kind.ORIGINAL).exists()


def _lay(post: Post, photo: Photo) -> PlacedPhoto:
    Post.objects.filter(pk=post.pk).update(numbers_given=F("numbers_given") + 1)
    post.refresh_from_db(fields=["numbers_given"])
    last = post.placed.aggregate(last=Max("position"))["last"]
    RemovedPhoto.objects.filter(photo=photo).delete()
    try:
        with transaction.atomic():
            return PlacedPhoto.objects.create(
                post=post,
                photo=photo,
                position=0 if last is None else last + 1,
                number=post.numbers_given,
            )
    except IntegrityError:  # Another letter was quicker.
        raise LiesElsewhere from None
