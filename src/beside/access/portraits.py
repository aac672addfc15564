"""The photograph at the top of a person's page. It is for whoever may open the page, never veiled.

So only a photograph that is its chooser's alone, and lies in no post, can be chosen: choosing
it shows it to people, and must not decide that for anybody else, or around a veil.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from beside.access.policy import NothingToSee
from beside.people.models import Account
from beside.photos.models import HiddenPhoto, Hold, Photo, Portrait
from beside.posts.models import PlacedPhoto

NEWEST = 60


def choices(account: Account) -> QuerySet[Photo]:
    """The photographs that `account` may choose from, newest first."""
    originals = Hold.objects.filter(photo=OuterRef("pk"), kind=Hold.Kind.ORIGINAL)
    held_unseen = HiddenPhoto.objects.filter(photo=OuterRef("pk"), account=account)
    own = Photo.objects.filter(
        Exists(originals.filter(account=account)),
        ~Exists(originals.exclude(account=account)),
        ~Exists(held_unseen),
        ~Exists(PlacedPhoto.objects.filter(photo=OuterRef("pk"))),
        state=Photo.State.READY,
    )
    return own.order_by("-uploaded_at", "pk")


@transaction.atomic
def choose(account: Account, photo_id: UUID) -> None:
    """Put a photograph at the top of `account`'s page. Raises `NothingToSee` for any but `choices`."""
    photo = choices(account).filter(pk=photo_id).first()
    if photo is None:
        raise NothingToSee
    Portrait.objects.update_or_create(account=account, defaults={"photo": photo})


def clear(account: Account) -> None:
    """Take it down again. The photograph stays in the drawer."""
    Portrait.objects.filter(account=account).delete()
