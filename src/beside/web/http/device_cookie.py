"""The cookie by which a browser is known again. It signs nobody in."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from beside.people import devices
from beside.people.models import Account

_SALT = "beside.device"
_LASTS_S = int(devices.LASTS.total_seconds())


def token_of(request: HttpRequest) -> str:
    """This browser's token, or "" where there is none or its signature is wrong."""
    token = request.get_signed_cookie(
        settings.DEVICE_COOKIE_NAME, default="", salt=_SALT, max_age=_LASTS_S
    )
    return str(token)


def remember(
    request: HttpRequest, response: HttpResponse, account: Account, *, at: datetime
) -> None:
    """Know this browser as one of `account`'s, and tell it so in a cookie for a year."""
    token = token_of(request) or devices.new_token()
    devices.remember(account, token, at=at)
    response.set_signed_cookie(
        settings.DEVICE_COOKIE_NAME,
        token,
        salt=_SALT,
        max_age=_LASTS_S,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
