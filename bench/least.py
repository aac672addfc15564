"""The least that a photograph costs in Python: a peer of `bench.delivery`.

It does what can't be left out (the address's MAC, the session's row, the one form of the rule that says yes, the keys, the file, the
decryption) in one function that checks nothing, refuses nobody and knows no error. `application` is behind the front, and `alone` is not.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import django
from django.conf import settings

django.setup()

from beside.access import capability  # noqa: E402 -- these import models
from beside.access.compiled import Statement  # noqa: E402
from beside.config.wsgi import PREFIX, pages  # noqa: E402
from beside.delivery.database import OwnSqlite  # noqa: E402
from beside.delivery.statement import Statements  # noqa: E402
from beside.front.app import Front, Paths  # noqa: E402
from beside.photos.models import Hold, KeyEpoch  # noqa: E402
from beside.photos.vault.keyring import keyring_of  # noqa: E402
from beside.photos.vault.sealing import open_sealed_as  # noqa: E402

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_HEADERS = [
    ("Cache-Control", "private, no-store"),
    ("Content-Security-Policy", "default-src 'none'; sandbox"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Robots-Tag", "noindex, noarchive, noimageindex"),
    ("Content-Type", "image/avif"),
    ("Content-Disposition", 'inline; filename="photograph"'),
]
_SHOWN = int(Hold.Kind.SHOWN)
_LARGEST = 2_000_000
# With an account, and in a session.
_SIGNED_IN = (True, True)


class Least:
    """A WSGI application for the paths of photographs that their reader may see, on SQLite and a folder."""

    def __init__(self, blobs: str) -> None:
        self._blobs = blobs
        self._database = OwnSqlite()
        self._statements = Statements(self._database)
        self._ring = keyring_of(KeyEpoch.objects.get().instance)
        self._rule: Statement | None = None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Send the photograph."""
        now = datetime.now(UTC)
        session = environ["HTTP_COOKIE"].partition("=")[2]
        token = environ["PATH_INFO"][len(PREFIX) :]
        named = capability.read(token, session=session, now=now.timestamp())
        assert named
        ask = self._database.first
        values: dict[str, object] = {"session": session, "at": self._database.time(now)}
        visit = ask(self._statements._visit, values)
        assert visit
        values |= {"photo": named.photo.hex(), "rendition": named.rendition, "account": visit[0]}
        row = ask(self._rule or self._found(values), values)
        assert row
        data = self._opened(row, named)
        start_response("200 OK", [*_HEADERS, ("Content-Length", str(len(data)))])
        return [data]

    def _opened(self, row: Any, named: capability.Capability) -> bytes:
        blob, _, instance, generation, author, author_wrapped, hold_wrapped = row
        key = self._ring.open_hold(
            generation,
            author_wrapped,
            hold_wrapped=hold_wrapped,
            account=bytes.fromhex(author),
            photo=named.photo,
            kind=_SHOWN,
        )
        file = os.open(f"{self._blobs}/{blob[:2]}/{blob[2:4]}/{blob}", os.O_RDONLY)
        sealed = os.read(file, _LARGEST)
        os.close(file)
        ids = (bytes.fromhex(instance), named.photo, bytes.fromhex(blob))
        return open_sealed_as(key, *ids, role=named.rendition, data=sealed)

    def _found(self, values: dict[str, object]) -> Statement:
        for rule in self._statements._rule(*_SIGNED_IN):
            if self._database.first(rule, values):
                self._rule = rule
                return rule
        raise LookupError


alone = Least(f"{settings.BESIDE.store_place}/blobs")
application = Front(
    pages,
    alone,
    paths=Paths(PREFIX),
    session_cookie=settings.SESSION_COOKIE_NAME,
    trusted_proxies=settings.BESIDE.trusted_proxies,
)
