"""What the server loads: the front, with Django and delivery behind it."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.urls import reverse

from beside.config.wsgi import PREFIX, pages
from beside.delivery.app import Delivery
from beside.delivery.database import own
from beside.front.app import Front, Paths
from beside.front.metrics import Metrics


def _folder_of(url_name: str, argument: str) -> str:
    """The beginning that all paths of this page have."""
    some = UUID(int=0)
    return reverse(url_name, kwargs={argument: some}).removesuffix(f"{some}/")


application = Front(
    pages,
    Delivery(own()),
    paths=Paths(
        PREFIX,
        (_folder_of("original", "photo_id"), _folder_of("archive_file", "export_id")),
        settings.STATIC_URL,
    ),
    session_cookie=settings.SESSION_COOKIE_NAME,
    trusted_proxies=settings.BESIDE.trusted_proxies,
)
if settings.BESIDE.metrics:
    application.metrics = Metrics()
