"""What the server loads: the front, with Django and delivery behind it."""

from __future__ import annotations

from django.conf import settings

from beside.config.wsgi import PREFIX, pages, photographs
from beside.front.app import Front

application = Front(
    pages,
    photographs,
    prefix=PREFIX,
    session_cookie=settings.SESSION_COOKIE_NAME,
    trusted_proxies=settings.BESIDE.trusted_proxies,
)
