"""House words: what the host says to everybody here, and whom to call. Plain text only."""

from __future__ import annotations

import re
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from beside.moderation.models import HouseWords
from beside.people.models import Account
from beside.querysets.prepared import prepared

# A telephone number as people write it, so that a telephone can dial it.
_CAN_BE_DIALLED = re.compile(r"\+?[\d\s()./-]{2,40}")


class NotTheHost(Exception):
    """Only a host may do this. Pages answer 404."""


class NotDiallable(Exception):
    """The helpline isn't a telephone number."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "A telephone number has only digits, spaces and signs like + and -. Words go into the next field."
            )
        )


def current() -> HouseWords | None:
    """What the host has written, or None if there is nothing yet."""
    return _only.first()


@prepared
def _only() -> QuerySet[HouseWords]:
    return HouseWords.objects.filter(pk=HouseWords.ONLY)


def write(words: str, *, helpline: str, helpline_says: str, by: Account, at: datetime) -> None:
    """Replace the house words. Raises `NotTheHost` and `NotDiallable`."""
    if not by.is_host:
        raise NotTheHost
    helpline = helpline.strip()
    if helpline and not (_CAN_BE_DIALLED.fullmatch(helpline) and any(map(str.isdigit, helpline))):
        raise NotDiallable
    HouseWords.objects.update_or_create(
        pk=HouseWords.ONLY,
        defaults={
            "words": words.strip(),
            "helpline": helpline,
            "helpline_says": " ".join(helpline_says.split()),
            "changed_at": at,
        },
    )
