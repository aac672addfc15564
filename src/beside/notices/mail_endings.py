"""Ending mails by one press, without signing in (RFC 8058).

Each mail about notices has a token for its account and for how often such mails come. It is sealed, so that
it says nothing to those who pass the mail on, and always of the same length. It works for as long as the account
does.
"""

from __future__ import annotations

import base64
import binascii
import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.contrib.auth import get_user_model
from django.utils.crypto import salted_hmac

from beside.notices import notice_preferences
from beside.notices.notice_preferences import HowOften

_NONCE_BYTES = 12
_ID_BYTES = 16
_SIGNS = {HowOften.AT_ONCE: b"o", HowOften.DAILY: b"d"}


class NothingToEnd(Exception):
    """The token isn't one of ours."""


def token_of(account: UUID, how_often: HowOften) -> str:
    """The token that ends such mails for `account`."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = _cipher().encrypt(nonce, account.bytes + _SIGNS[how_often], None)
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def how_often(token: str) -> HowOften:
    """Which mails the token ends. Raises `NothingToEnd`."""
    return _read(token)[1]


def end(token: str) -> HowOften:
    """End the mails that the token is for; returns which. Raises `NothingToEnd`.

    For an account that is gone nothing is left to do, and the answer is the same.
    """
    account, often = _read(token)
    if get_user_model().objects.filter(pk=account).exists():
        notice_preferences.end(account, often)
    return often


def _read(token: str) -> tuple[UUID, HowOften]:
    try:
        sealed = base64.urlsafe_b64decode(token.encode())
        plain = _cipher().decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
    except (binascii.Error, ValueError, InvalidTag):
        raise NothingToEnd from None
    signs = {sign: often for often, sign in _SIGNS.items()}
    return UUID(bytes=plain[:_ID_BYTES]), signs[plain[_ID_BYTES:]]


def _cipher() -> AESGCM:
    return AESGCM(salted_hmac("beside.notices.mail_endings", "", algorithm="sha256").digest())
