"""Ending mails by one press, without signing in (RFC 8058).

A mail about notices has a token for its account and for how often such mails come; an invitation and a link for
one person have one for their address, because whoever has it may have no account. A token is sealed, so that it
says nothing to those who pass the mail on. Those of notices are all of the same length.
"""

from __future__ import annotations

import base64
import binascii
import os
from datetime import datetime
from enum import Enum
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.contrib.auth import get_user_model
from django.utils.crypto import salted_hmac

from beside.notices import notice_preferences
from beside.notices.models import EndedAddress
from beside.notices.notice_preferences import HowOften

_NONCE_BYTES = 12
_HOW_OFTEN = {"d": HowOften.DAILY, "o": HowOften.AT_ONCE}


class Ends(Enum):
    """Which mails a token ends. The values are the first byte of what is sealed."""

    DAILY = "d"
    AT_ONCE = "o"
    BY_OTHERS = "a"


class NothingToEnd(Exception):
    """The token isn't one of ours."""


def token_of(account: UUID, how_often: HowOften) -> str:
    """The token that ends mails about notices which come so often to `account`."""
    return _sealed(Ends[how_often.name], account.bytes)


def token_of_address(address: str) -> str:
    """The token that ends invitations and links to `address`."""
    return _sealed(Ends.BY_OTHERS, address.encode())


def ends(token: str) -> Ends:
    """Which mails the token ends. Raises `NothingToEnd`."""
    return _read(token)[0]


def end(token: str, *, at: datetime) -> Ends:
    """End the mails that the token is for; returns which. Raises `NothingToEnd`.

    For an account that is gone nothing is left to do, and the answer is the same.
    """
    which, whose = _read(token)
    if which is Ends.BY_OTHERS:
        digest = _digest(whose.decode())
        EndedAddress.objects.get_or_create(digest=digest, defaults={"ended_at": at})
    elif get_user_model().objects.filter(pk=UUID(bytes=whose)).exists():
        notice_preferences.end(UUID(bytes=whose), _HOW_OFTEN[which.value])
    return which


def is_ended(address: str) -> bool:
    """Whether the owner of `address` wants no invitations and links by mail."""
    return EndedAddress.objects.filter(digest=_digest(address)).exists()


def _sealed(which: Ends, whose: bytes) -> str:
    nonce = os.urandom(_NONCE_BYTES)
    sealed = _cipher().encrypt(nonce, which.value.encode() + whose, None)
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def _read(token: str) -> tuple[Ends, bytes]:
    try:
        sealed = base64.urlsafe_b64decode(token.encode())
        plain = _cipher().decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
    except (binascii.Error, ValueError, InvalidTag):
        raise NothingToEnd from None
    return Ends(plain[:1].decode()), plain[1:]


def _digest(address: str) -> bytes:
    key = "beside.notices.mail_endings.address"
    return salted_hmac(key, address.lower(), algorithm="sha256").digest()


def _cipher() -> AESGCM:
    return AESGCM(salted_hmac("beside.notices.mail_endings", "", algorithm="sha256").digest())
