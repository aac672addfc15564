"""What becomes of the photographs of somebody who closes their account."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from beside.people.models import Account
from beside.photos import deposits
from beside.photos.models import AuthorKey, Hold, Photo
from beside.photos.removal import delete_unheld
from beside.photos.vault.destroying import destroy


def end_deposit_links(account: Account, *, at: datetime) -> None:
    """End every link through which somebody could put photographs in for `account`."""
    for link in deposits.of(account).filter(ended_at=None):
        deposits.end(link, by=account, at=at)


@transaction.atomic
def destroy_photographs(account: Account, *, at: datetime) -> None:
    """Destroy every key that `account` holds, and each photograph that nobody else holds.

    What somebody else holds stays theirs, without the name of who uploaded it. When this has committed,
    `account` has no key, and neither a row nor a file of a destroyed photograph is left.
    """
    held = list(Hold.objects.filter(account=account).values_list("photo", flat=True).distinct())
    destroy(_holds_that_end(account), at=at)
    AuthorKey.objects.filter(account=account).delete()
    uploaded = Photo.objects.filter(uploader=account)
    uploaded.exclude(holds=None).update(uploader=None, name_on_phone="")
    delete_unheld({*held, *uploaded.values_list("pk", flat=True)})


def _holds_that_end(account: Account) -> QuerySet[Hold]:
    """The account's own holds and, where nobody else holds the original, those on what was shown."""
    mine = Hold.objects.filter(account=account)
    others = Hold.objects.filter(photo=OuterRef("photo"), kind=Hold.Kind.ORIGINAL)
    is_last = ~Exists(others.exclude(account=account))
    return Hold.objects.filter(Q(account=account) | Q(is_last, photo__in=mine.values("photo")))
