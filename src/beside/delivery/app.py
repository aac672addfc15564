"""The hot path: sends the bytes of one rendition, or the one 404 that says nothing.

It answers ahead of Django. For each request it checks that the address was made for this
visit, asks the whole rule in one SQL statement, decrypts the photograph, and sends it as one
bytes object. It caches no decision, so any narrowing takes effect at the next request.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.http.cookie import parse_cookie

from beside.access import capability
from beside.access.compiled import as_time
from beside.access.policy import Viewer
from beside.delivery.statement import Sent, Statements
from beside.front.turns import Turns
from beside.photos.models import Hold
from beside.photos.vault.epoch import NoSuchEpoch
from beside.photos.vault.keyring import keyring_of
from beside.photos.vault.sealing import BlobAltered, open_sealed
from beside.photos.vault.store import BlobMissing, store
from beside.photos.vault.wrapping import KeyDoesNotOpen

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger(__name__)

Headers = list[tuple[str, str]]

# No ETag and no Last-Modified: after a narrowing, either would reveal that something is there.
_HEADERS: Headers = [
    ("Cache-Control", "private, no-store"),
    ("Content-Security-Policy", "default-src 'none'; sandbox"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Robots-Tag", "noindex, noarchive, noimageindex"),
]
_NOT_FOUND = b"There is nothing at this address.\n"
_BUSY = b"Please try again in a moment.\n"


class Delivery:
    """A WSGI application for the paths under `capability.PREFIX`."""

    def __init__(self) -> None:
        self._statements = Statements()
        self._turns = Turns()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request. Every refusal is the same 404, byte for byte."""
        try:
            with self._turns.turn():
                found = self._photograph(environ, at=datetime.now(UTC))
        except NoSuchEpoch:
            log.warning("The keys are being rotated; a photograph was not sent.")
            return _answer(environ, start_response, "503 Service Unavailable", _BUSY)
        except DatabaseError:
            log.exception("The database did not answer; a photograph was not sent.")
            connection.close()
            return _answer(environ, start_response, "503 Service Unavailable", _BUSY)
        if found is None:
            return _answer(environ, start_response, "404 Not Found", _NOT_FOUND)
        media_type, data = found
        return _send(environ, start_response, media_type, data)

    def _photograph(self, environ: WSGIEnvironment, *, at: datetime) -> tuple[str, bytes] | None:
        if not _is_same_origin(environ):
            return None
        session = parse_cookie(environ.get("HTTP_COOKIE", "")).get(settings.SESSION_COOKIE_NAME)
        token = environ["PATH_INFO"].removeprefix(capability.PREFIX)
        named = capability.read(token, session=session, now=at.timestamp())
        if named is None:
            return None
        when = as_time(at)
        viewer = self._viewer(session, at=when)
        return None if viewer is None else self._opened(named, viewer, at=when)

    def _viewer(self, session: str | None, *, at: object) -> Viewer | None:
        """Who is looking, according to the session's row; None if the session has ended."""
        if not session:
            return Viewer()
        visit = self._statements.visit(session, at=at)
        if visit is None or (visit.account is not None and not visit.is_active):
            return None
        return Viewer(visit.account, session)

    def _opened(
        self, named: capability.Capability, viewer: Viewer, *, at: object
    ) -> tuple[str, bytes] | None:
        """Retry once if the keys were rotated between reading the row and reading the epoch's file."""
        try:
            return self._opened_now(named, viewer, at=at)
        except NoSuchEpoch:
            return self._opened_now(named, viewer, at=at)

    def _opened_now(
        self, named: capability.Capability, viewer: Viewer, *, at: object
    ) -> tuple[str, bytes] | None:
        sent = self._statements.photograph(named.photo, named.rendition, viewer=viewer, at=at)
        if sent is None:
            return None
        try:
            return sent.media_type, self._bytes(sent, named.photo, named.rendition)
        except (BlobMissing, BlobAltered, KeyDoesNotOpen) as wrong:
            log.error(
                "A photograph could not be opened (%s). Run: beside verify", type(wrong).__name__
            )
            return None

    def _bytes(self, sent: Sent, photo: UUID, rendition: str) -> bytes:
        ring = keyring_of(sent.instance)
        key = ring.open_hold(
            sent.generation,
            sent.author_wrapped,
            hold_wrapped=sent.hold_wrapped,
            account=sent.author,
            photo=photo,
            kind=Hold.Kind.SHOWN,
        )
        identity = ring.identity(photo, sent.blob, rendition)
        return open_sealed(key, identity, store().get(sent.blob))


def _is_same_origin(environ: WSGIEnvironment) -> bool:
    """Whether no other site is embedding it, to find out whether its visitor may see a photograph."""
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return False
    return environ.get("HTTP_SEC_FETCH_SITE", "same-origin") in ("same-origin", "none")


def _send(
    environ: WSGIEnvironment, start_response: StartResponse, media_type: str, data: bytes
) -> list[bytes]:
    """Send it in one piece: an iterator would keep the thread busy for as long as a slow phone reads."""
    headers = [
        *_HEADERS,
        ("Content-Type", media_type),
        ("Content-Length", str(len(data))),
        ("Content-Disposition", 'inline; filename="photograph"'),
    ]
    start_response("200 OK", headers)
    return [data] if environ["REQUEST_METHOD"] == "GET" else []


def _answer(
    environ: WSGIEnvironment, start_response: StartResponse, status: str, words: bytes
) -> list[bytes]:
    headers = [
        *_HEADERS,
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(words))),
    ]
    start_response(status, headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [words]
