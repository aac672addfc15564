"""Repeating, in a restored database, what people have hidden and which deposit links they have ended since."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from beside.people.models import Narrowing
from beside.photos.models import DepositLink, HiddenPhoto, Hold

Subject = Mapping[str, str]


def replay(kind: str, subject: Subject, *, at: datetime) -> None:
    """Repeat one narrowing of photographs. Other kinds, and those of rows that don't exist, are ignored."""
    if kind == Narrowing.Kind.DEPOSIT_ENDED:
        _end_deposits(subject, at)
    elif kind == Narrowing.Kind.HIDDEN:
        _hold_unseen(subject, at)


def _end_deposits(subject: Subject, at: datetime) -> None:
    """End the link, also if it only got a new secret, since this database has the old one."""
    links = DepositLink.objects.filter(pk=UUID(subject["link"]), ended_at=None)
    links.update(ended_at=at)


def _hold_unseen(subject: Subject, at: datetime) -> None:
    photo, account = UUID(subject["photo"]), UUID(subject["account"])
    if Hold.objects.filter(photo=photo, account=account, kind=Hold.Kind.ORIGINAL).exists():
        HiddenPhoto.objects.get_or_create(
            photo_id=photo, account_id=account, defaults={"since": at}
        )
