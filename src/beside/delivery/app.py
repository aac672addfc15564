"""The hot path: sends the bytes of one rendition, or the one 404 that says nothing.

It answers ahead of Django. For each request it checks that the address was made for this
visit, asks the whole rule in one SQL statement, decrypts the photograph, and sends it as one
bytes object. It caches no decision, so any narrowing takes effect at the next request.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import Error as DatabaseError

from beside.access import capability
from beside.delivery.cookies import cookie_in
from beside.delivery.database import Database, Shared
from beside.delivery.no_answer import NoAnswer
from beside.delivery.statement import Sent, Statements
from beside.delivery.vault import Vault
from beside.front.turns import Turns
from beside.photos.vault.epoch import NoSuchEpoch
from beside.photos.vault.sealing import BlobAltered
from beside.photos.vault.store import BlobMissing
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

    def __init__(self, database: Database | None = None) -> None:
        self._database = database or Shared()
        self._statements = Statements(self._database)
        self._vault = Vault()
        # Who waits for PostgreSQL doesn't compete for the interpreter.
        self._turn: Callable[[], AbstractContextManager[None]] = (
            nullcontext if self._database.has_turns else Turns().turn
        )

    def prepare(self) -> None:
        """Do what the first photograph would wait for. If the database doesn't answer, it does wait for it."""
        try:
            self._statements.prepare()
            self._vault.prepare()
        except (NoAnswer, DatabaseError):
            log.warning(
                "The database does not answer yet, and what photographs need is not prepared."
            )

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request. Every refusal is the same 404, byte for byte."""
        try:
            found = self._photograph(environ, at=datetime.now(UTC))
        except NoSuchEpoch:
            log.warning("The keys are being rotated; a photograph was not sent.")
            return _answer(environ, start_response, "503 Service Unavailable", _BUSY)
        except OSError:
            log.exception("The store or the keyring did not answer; a photograph was not sent.")
            return _answer(environ, start_response, "503 Service Unavailable", _BUSY)
        except NoAnswer:
            log.exception("The database did not answer; a photograph was not sent.")
            return _answer(environ, start_response, "503 Service Unavailable", _BUSY)
        if found is None:
            return _answer(environ, start_response, "404 Not Found", _NOT_FOUND)
        media_type, data = found
        return _send(environ, start_response, media_type, data)

    def _photograph(self, environ: WSGIEnvironment, *, at: datetime) -> tuple[str, bytes] | None:
        if not _is_same_origin(environ):
            return None
        session = cookie_in(environ.get("HTTP_COOKIE", ""), settings.SESSION_COOKIE_NAME)
        token = environ["PATH_INFO"].removeprefix(capability.PREFIX)
        named = capability.read(token, session=session, now=at.timestamp())
        if named is None:
            return None
        when = self._database.time(at)
        try:
            return self._opened(named, session, at=when)
        except NoSuchEpoch:
            # The keys were rotated between reading the row and reading the epoch's file.
            return self._opened(named, session, at=when)

    def _opened(
        self, named: capability.Capability, session: str | None, *, at: object
    ) -> tuple[str, bytes] | None:
        """What the rule lets be sent. A store that hangs holds up nobody else: it is read outside the turn."""
        with self._turn():
            sent = self._sent(named, session, at=at)
        if sent is None:
            return None
        try:
            return sent.media_type, self._bytes(sent, named.photo, named.rendition)
        except (BlobMissing, BlobAltered, KeyDoesNotOpen) as wrong:
            log.error(
                "A photograph could not be opened (%s). Run: beside verify", type(wrong).__name__
            )
            return None

    def _sent(
        self, named: capability.Capability, session: str | None, *, at: object
    ) -> Sent | None:
        """Ask who is looking, which the session's row says, and then the rule; None if the session has ended."""
        account = None
        if session:
            visit = self._statements.visit(session, at=at)
            if visit is None or (visit.account is not None and not visit.is_active):
                return None
            account = visit.account
        return self._statements.photograph(
            named.photo, named.rendition, account=account, session=session or None, at=at
        )

    def _bytes(self, sent: Sent, photo: bytes, rendition: str) -> bytes:
        return self._vault.opened(sent, photo, rendition)


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
