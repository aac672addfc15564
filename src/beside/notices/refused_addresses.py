"""Addresses that refuse mails: their owners are told under News, and are sent no news there meanwhile.

A code or another mail that somebody asks for is still tried. Once one is accepted, the address counts again.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib.auth import get_user_model
from django.utils.crypto import salted_hmac

from beside.notices import notices
from beside.notices.models import Notice, RefusedAddress


def refuse(address: str, *, at: datetime) -> None:
    """Record that a mail server refused `address` for good, and tell its owner, if it is an account's."""
    for owner in get_user_model().objects.filter(email__iexact=address, is_active=True):
        RefusedAddress.objects.update_or_create(
            account=owner, defaults={"digest": _digest(address), "refused_at": at}
        )
        notices.tell(owner.pk, Notice.Kind.MAIL_REFUSED, at=at)


def accept(address: str) -> None:
    """Record that a mail server accepted a mail to `address`."""
    RefusedAddress.objects.filter(digest=_digest(address)).delete()


def is_refused(account: UUID, address: str) -> bool:
    """Whether the last mail to this address of `account` was refused for good."""
    return RefusedAddress.objects.filter(account_id=account, digest=_digest(address)).exists()


def _digest(address: str) -> bytes:
    key = "beside.notices.refused_addresses"
    return salted_hmac(key, address.lower(), algorithm="sha256").digest()
