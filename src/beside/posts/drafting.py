"""Beginning a letter, and laying photographs in it. Nothing here shows anything to anybody new."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Max, QuerySet
from django.utils.translation import gettext_lazy as _

from beside.people.models import Account
from beside.photos.models import HiddenPhoto, Hold, Photo
from beside.photos.vault import keyring
from beside.posts import linked
from beside.posts.authorship import NotAnAuthor, authors_of, locked, require_author, written_by
from beside.posts.models import Audience, Authorship, PlacedPhoto, Post


class LiesElsewhere(Exception):
    """A photograph lies in one letter only, or at the top of a page."""

    def __init__(self) -> None:
        super().__init__(
            _("This photograph already lies in another letter. Take it out there first.")
        )


class PutHereByAnother(Exception):
    """Whoever put a photograph here decides with the others where it lies; to hold a key is not enough."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Somebody else put this photograph here. It’s yours to keep, and it can only lie in a"
                " letter that you write together."
            )
        )


class ShownByAll(Exception):
    """A photograph would go to readers at once, and only one of several authors has said so."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This letter is being shown, and you’re not its only author. Close it first; then put the"
                " photograph in, and ask to open it again."
            )
        )


@transaction.atomic
def begin(post_id: UUID, *, by: Account, at: datetime) -> Post:
    """The draft with this id, begun if there is none yet; twice is harmless.

    Raises `NotAnAuthor` if the id is somebody else's.
    """
    post, new = Post.objects.get_or_create(pk=post_id, defaults={"begun_at": at, "kept_at": at})
    if new:
        Authorship.objects.create(post=post, account=by, joined_at=at)
    require_author(post, by=by)
    return post


def kept_by(account: Account) -> QuerySet[Post]:
    """The letters that nobody but their authors can see: drafts, closed ones, those taken back."""
    return written_by(account).exclude(state=Post.State.PUBLISHED).order_by("-kept_at", "pk")


@transaction.atomic
def place(post: Post, photo: Photo, *, by: Account) -> PlacedPhoto:
    """Lay a photograph of one's own last in the letter; twice is harmless.

    In a published letter its readers meet it at once, and so it needs every author there. Each
    is given their own hold on its keys, and for whoever didn't hold it, it stays closed until
    they say. Raises `NotAnAuthor`, `LiesElsewhere`, `PutHereByAnother` and `ShownByAll`.
    """
    post = locked(post, by=by)
    if not _holds(photo, by):
        raise NotAnAuthor
    placed = PlacedPhoto.objects.filter(photo=photo).first()
    if placed is not None and placed.post_id == post.pk:
        return placed
    if placed is not None or hasattr(photo, "portrait"):
        raise LiesElsewhere
    authors = authors_of(post)
    if photo.uploader_id not in {author.pk for author in authors}:
        raise PutHereByAnother
    if len(authors) > 1 and _has_readers(post):
        raise ShownByAll
    for author in authors:
        give_unseen(photo, to=author)
    return _lay(post, photo)


def give_unseen(photo: Photo, *, to: Account) -> None:
    """Give an author their own hold on a photograph, closed for them until they say.

    Nothing changes for whoever holds it already; without a key there is nothing to give.
    Needs a transaction, and that `to` is an author of the letter that it lies in.
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
    """Move a photograph by so many places, up if negative; at the ends it stays where it is."""
    locked(post, by=by)
    order_now = list(post.placed.order_by("position").values_list("photo_id", flat=True))
    if photo.pk not in order_now:
        raise NotAnAuthor
    place_now = order_now.index(photo.pk)
    order_now.insert(max(0, place_now + steps), order_now.pop(place_now))
    order(post, order_now, by=by)


@transaction.atomic
def order(post: Post, photo_ids: Sequence[UUID], *, by: Account) -> None:
    """Lay the photographs in this order. Those that aren't named keep their order, after them."""
    locked(post, by=by)
    wanted = {photo: place for place, photo in enumerate(photo_ids)}
    placed = list(post.placed.order_by("position"))
    placed.sort(key=lambda one: wanted.get(one.photo_id, len(wanted)))
    for position, one in enumerate(placed):
        one.position = position
    PlacedPhoto.objects.bulk_update(placed, ["position"])


@transaction.atomic
def take_out(post: Post, photo: Photo, *, by: Account) -> None:
    """Take a photograph out of the letter, back to the drawer. Its words stay with it."""
    locked(post, by=by)
    PlacedPhoto.objects.filter(post=post, photo=photo).delete()


def _holds(photo: Photo, account: Account) -> bool:
    return Hold.objects.filter(photo=photo, account=account, kind=Hold.Kind.ORIGINAL).exists()


def _has_readers(post: Post) -> bool:
    named = post.photographs_for != Audience.ONLY_US
    return post.state == Post.State.PUBLISHED and (named or linked.has_looker(post))


def _lay(post: Post, photo: Photo) -> PlacedPhoto:
    Post.objects.filter(pk=post.pk).update(numbers_given=F("numbers_given") + 1)
    post.refresh_from_db(fields=["numbers_given"])
    last = post.placed.aggregate(last=Max("position"))["last"]
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
