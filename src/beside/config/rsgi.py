"""What the server loads: the front, with Django and delivery behind it."""

from __future__ import annotations

from threading import Thread
from uuid import UUID

from django.conf import settings
from django.db import connections
from django.urls import reverse

from beside.config import databases
from beside.config.database_connections import lending
from beside.config.wsgi import PREFIX, pages
from beside.delivery.app import Delivery
from beside.delivery.database import own
from beside.front.app import Front, Paths
from beside.front.metrics import Metrics


def _folder_of(url_name: str, argument: str) -> str:
    """The beginning that all paths of this page have."""
    some = UUID(int=0)
    return reverse(url_name, kwargs={argument: some}).removesuffix(f"{some}/")


def _prepare() -> None:
    delivery.prepare()
    connections.close_all()


# Through a pooler there is nothing of one's own: each transaction has another connection.
delivery = Delivery(
    None if databases.has_pooler(settings.BESIDE) else own(at_once=databases.OF_PHOTOGRAPHS)
)
photographs = lending(delivery) if databases.has_pooler(settings.BESIDE) else delivery
# The rule is compiled while the port opens and the worker prepares the place: it takes a third of a second.
Thread(target=_prepare, name="preparing", daemon=True).start()

application = Front(
    pages,
    photographs,
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
