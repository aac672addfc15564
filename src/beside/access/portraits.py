"""The photograph at the top of a person's profile page. Anybody who may open the page sees it, without a veil.

So somebody can choose only a photograph that nobody else holds and that is in no post: choosing
it shows it to others, and must not overrule another holder or a post's veil.
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
    """The photographs that `account` can choose, newest first."""
    originals = Hold.objects.filter(photo=OuterRef("pk"), kind=Hold.Kind.ORIGINAL)
    closed = HiddenPhoto.objects.filter(photo=OuterRef("pk"), account=account)
    own = Photo.objects.filter(
        Exists(originals.filter(account=account)),
        ~Exists(originals.exclude(account=account)),
        ~Exists(closed),
        ~Exists(PlacedPhoto.objects.filter(photo=OuterRef("pk"))),
        state=Photo.State.READY,
    )
    return own.order_by("-uploaded_at", "pk")


@transaction.atomic
def choose(account: Account, photo_id: UUID) -> None:
    """Make a photograph `account`'s portrait. Raises `NothingToSee` unless it is among `choices`."""
    photo = choices(account).filter(pk=photo_id).first()
    if photo is None:
        raise NothingToSee
    Portrait.objects.update_or_create(account=account, defaults={"photo": photo})


def clear(account: Account) -> None:
    """Remove `account`'s portrait. The photograph stays in the drawer."""
    Portrait.objects.filter(account=account).delete()
