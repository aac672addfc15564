"""Asking delivery as a browser would, through the server's own entrance."""

from __future__ import annotations

import io
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from beside.access import capability
from beside.access.policy import Viewer, photographs_of
from beside.config import wsgi
from beside.delivery.database import Database
from beside.people.models import Account
from beside.photos.models import Photo


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def everything(self) -> bytes:
        return f"{self.status} {sorted(self.headers.items())} ".encode() + self.body


def ask(path: str, *, session: str | None = None, method: str = "GET", **extra: str) -> Answer:
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.input": io.BytesIO(),
        "wsgi.url_scheme": "http",
        **extra,
    }
    if session is not None:
        environ["HTTP_COOKIE"] = f"other=1; {settings.SESSION_COOKIE_NAME}={session}"
    said = []
    body = b"".join(
        wsgi.application(environ, lambda status, headers: said.append((status, headers)))
    )
    status, headers = said[0]
    assert len({name for name, _ in headers}) == len(headers)
    return Answer(int(status.split()[0]), dict(headers), body)


def signed_in(account: Account) -> Viewer:
    client = Client()
    client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    return Viewer(account.pk, client.session.session_key)


def address(photo: Photo, viewer: Viewer, name: str = "w480") -> str:
    now = timezone.now()
    seen = photographs_of(photo.placed.post, viewer, at=now).get(pk=photo.pk)
    return capability.issue(seen, name, viewer=viewer, at=now)


def close(database: Database) -> None:
    """End its connections, and return once PostgreSQL has let go of them: it drops no database that is in use."""
    database.close()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
