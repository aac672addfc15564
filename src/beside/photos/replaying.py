"""Doing again, over an older state of the database, what keepers of photographs and of links have narrowed since."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from beside.people.models import Narrowing
from beside.photos.models import DepositLink, HiddenPhoto, Hold

Subject = Mapping[str, str]


def replay(kind: str, subject: Subject, *, at: datetime) -> None:
    """Do one narrowing of photographs again; any other, or one of what isn't here, does nothing."""
    if kind == Narrowing.Kind.DEPOSIT_ENDED:
        _end_deposits(subject, at)
    elif kind == Narrowing.Kind.HIDDEN:
        _hold_unseen(subject, at)


def _end_deposits(subject: Subject, at: datetime) -> None:
    """One that was made anew is ended too: of its two secrets only the older would be known here."""
    links = DepositLink.objects.filter(pk=UUID(subject["link"]), ended_at=None)
    links.update(ended_at=at)


def _hold_unseen(subject: Subject, at: datetime) -> None:
    photo, account = UUID(subject["photo"]), UUID(subject["account"])
    if Hold.objects.filter(photo=photo, account=account, kind=Hold.Kind.ORIGINAL).exists():
        HiddenPhoto.objects.get_or_create(
            photo_id=photo, account_id=account, defaults={"since": at}
        )
