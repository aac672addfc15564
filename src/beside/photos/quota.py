"""How much a person may put here, and how large one photograph may be."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _

from beside.people.models import Account
from beside.photos.models import Photo, Upload

# Each keeps a row and a file for days; nobody picks nearly as many by hand.
OPEN_AT_ONCE = 500
# Of what may be on its way to the whole place one person may have a quarter, so that others can go on.
_SHARES = 4


class TooLarge(Exception):
    """The photograph is larger than this server allows."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This photograph is larger than this place can hold (%(megabytes)s MB). Your phone can"
                " send a smaller copy; the large one stays with you."
            )
            % {"megabytes": settings.BESIDE.upload_max_bytes // 2**20}
        )


class EmptyFile(Exception):
    """The file is empty."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This file is empty: nothing of the photograph came with it. It’s still on your phone."
            )
        )


class NoRoom(Exception):
    """The person's quota is used up."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "There’s no room left for it in the space you have here. It’s still on your phone. Whoever"
                " runs this place can make more room for you."
            )
        )


class TooManyOpen(Exception):
    """The person has as many unfinished uploads as are allowed."""

    def __init__(self) -> None:
        super().__init__(
            _("So many photographs are on their way that this one has to wait for some to arrive.")
        )


class PlaceBusy(TooManyOpen):
    """All unfinished uploads together are as large as this place lets them be."""

    def __init__(self) -> None:
        Exception.__init__(
            self,
            _(
                "So much is on its way to this place at the moment that this one has to wait for some of"
                " it to arrive. It’s still with you."
            ),
        )


def require_room(account: Account, total_bytes: int) -> None:
    """Return only if `account` may put a photograph of so many bytes here.

    Raises `EmptyFile`, `TooLarge`, `TooManyOpen`, `NoRoom`.
    """
    if total_bytes < 1:
        raise EmptyFile
    if total_bytes > settings.BESIDE.upload_max_bytes:
        raise TooLarge
    mine = Upload.objects.filter(account=account).aggregate(
        count=Count("pk"), sum=Sum("total_bytes")
    )
    most = settings.BESIDE.unfinished_bytes // _SHARES
    if mine["count"] >= OPEN_AT_ONCE or (mine["sum"] or 0) + total_bytes > most:
        raise TooManyOpen
    if total_bytes > room_left(account):
        raise NoRoom


def require_room_in_place(total_bytes: int) -> None:
    """Return only if so many bytes more may be on their way here. Raises `PlaceBusy`.

    The caller must hold the lock under which uploads begin (`keyring.lock_epoch`).
    """
    coming = Upload.objects.aggregate(sum=Sum("total_bytes"))["sum"] or 0
    if coming + total_bytes > settings.BESIDE.unfinished_bytes:
        raise PlaceBusy


def room_left(account: Account) -> int:
    """How many more bytes this person may store. Uploads in progress count in full."""
    kept = Photo.objects.filter(uploader=account).exclude(state=Photo.State.RECEIVING)
    # The original of a refused file that could be opened later is kept, and takes room until it is destroyed.
    kept = kept.exclude(state=Photo.State.REFUSED, holds=None)
    here = kept.aggregate(sum=Sum("original_bytes"))["sum"] or 0
    coming = Upload.objects.filter(account=account).aggregate(sum=Sum("total_bytes"))["sum"] or 0
    return int(settings.BESIDE.room_bytes) - here - coming
