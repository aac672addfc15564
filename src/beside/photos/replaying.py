"""Doing again, over an older state of the database, what keepers of links have narrowed since."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from beside.people.models import Narrowing
from beside.photos.models import DepositLink


def replay(kind: str, subject: Mapping[str, str], *, at: datetime) -> None:
    """End a deposit link again; any other narrowing does nothing.

    One that was made anew is ended too: of its two secrets only the older would be known here.
    """
    if kind == Narrowing.Kind.DEPOSIT_ENDED:
        links = DepositLink.objects.filter(pk=UUID(subject["link"]), ended_at=None)
        links.update(ended_at=at)
