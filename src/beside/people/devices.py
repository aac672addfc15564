"""The browsers in which an account has signed in, each known by a random token in its cookie."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.crypto import salted_hmac

from beside.people.models import Account
from beside.people.sign_in_models import KnownDevice

LASTS = timedelta(days=365)
TOKEN_BYTES = 32


def new_token() -> str:
    """A token for a browser that has none yet."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def remember(account: Account, token: str, *, at: datetime) -> None:
    """Remember the browser with `token` as one of `account`'s for a year from `at`."""
    KnownDevice.objects.update_or_create(
        account=account, digest=_digest(account.pk, token), defaults={"seen_at": at}
    )


def is_known(account: Account, token: str, *, at: datetime) -> bool:
    """Whether `account` signed in with this browser within the last year."""
    return bool(token) and _is_known(account.pk, token, at=at)


def known_for(address: str, token: str, *, at: datetime) -> str:
    """`token`, if the active account with this address knows it; otherwise "", as for any stranger."""
    if not token:
        return ""
    found = Account.objects.filter(email__iexact=address, is_active=True)
    account_id = found.values_list("pk", flat=True).first()
    return token if account_id is not None and _is_known(account_id, token, at=at) else ""


def forget_all(account: Account) -> None:
    """Forget all of `account`'s browsers."""
    KnownDevice.objects.filter(account=account).delete()


def forget_others(account: Account, token: str) -> None:
    """Forget all of `account`'s browsers but the one with `token`."""
    others = KnownDevice.objects.filter(account=account)
    others.exclude(digest=_digest(account.pk, token)).delete()


def _is_known(account_id: UUID, token: str, *, at: datetime) -> bool:
    rows = KnownDevice.objects.filter(account_id=account_id, digest=_digest(account_id, token))
    return rows.filter(seen_at__gt=at - LASTS).exists()


def _digest(account_id: UUID, token: str) -> bytes:
    """Keyed by the account, so that nobody can read from the table which accounts share a browser."""
    return salted_hmac("beside.devices", f"{account_id}\0{token}", algorithm="sha256").digest()
