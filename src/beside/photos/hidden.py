""" "Hidden from me": a holder keeps a photograph without seeing it until they ask to. Each decides for themselves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from beside.people import narrowings
from beside.people.models import Account, Narrowing
from beside.photos.models import HiddenPhoto, Hold, Photo


class NotYours(Exception):
    """Somebody asked for a photograph that they don't hold. Pages answer that nothing is there."""

    def __init__(self) -> None:
        super().__init__(_("There’s nothing of yours here."))


def require_holder(photo: Photo, *, account: Account) -> None:
    """Return only if `account` holds the original of `photo`; raises `NotYours`."""
    if not Hold.objects.filter(photo=photo, account=account, kind=Hold.Kind.ORIGINAL).exists():
        raise NotYours


@transaction.atomic
def hold(photo: Photo, *, account: Account, at: datetime) -> None:
    """Hide `photo` from `account` only; doing it twice is harmless. Raises `NotYours`.

    A restore hides it again, even if it was released after the backup.
    """
    require_holder(photo, account=account)
    _row, is_new = HiddenPhoto.objects.get_or_create(
        photo=photo, account=account, defaults={"since": at}
    )
    if is_new:
        narrowings.record(Narrowing.Kind.HIDDEN, at=at, photo=photo.pk, account=account.pk)


def hidden_from(account: Account, photos: Iterable[UUID]) -> set[UUID]:
    """The ids of those among `photos` that are closed for `account`: pages tell them nothing about these."""
    closed = HiddenPhoto.objects.filter(account=account, photo__in=photos)
    return set(closed.values_list("photo_id", flat=True))


def release(photo: Photo, *, account: Account) -> None:
    """Let `account` see `photo` again; doing it twice is harmless. Raises `NotYours`."""
    require_holder(photo, account=account)
    HiddenPhoto.objects.filter(photo=photo, account=account).delete()
