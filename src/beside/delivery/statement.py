"""The SQL statements that delivery runs: the whole of `access.policy`, compiled once for each kind of viewer.

The policy's own functions make each statement from placeholder values, and each request fills
in the real ones. So there is no second rule here that could differ from the first.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from django.db.models import F, Subquery

from beside.access.compiled import ACCOUNT, AT, PHOTO, RENDITION, SESSION, Statement, compiled
from beside.access.policy import Viewer, with_openness
from beside.delivery.database import Database
from beside.people.models import Session
from beside.photos.models import Hold, KeyEpoch, Photo

_ID_BYTES = 16


class Visit(NamedTuple):
    """A session's account (None for a visitor), and whether that account is active."""

    account: bytes | None
    is_active: bool


class Sent(NamedTuple):
    """Where a photograph's bytes are, and everything from the database that decrypting them needs.

    Each id is its 16 bytes: making an object of it takes as long as finding a row.
    """

    blob: bytes
    media_type: str
    instance: bytes
    generation: int
    author: bytes
    author_wrapped: bytes
    hold_wrapped: bytes


class Statements:
    """Each is compiled when it is first used, for the database in the settings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def visit(self, session: str, *, at: object) -> Visit | None:
        """The session's row, if it hasn't ended. `at` is what `Database.time` returns."""
        row = self._database.first(self._visit, {"session": session, "at": at})
        if row is None:
            return None
        account, is_active = row
        return Visit(None if account is None else _id(account), bool(is_active))

    def photograph(
        self,
        photo: bytes,
        rendition: str,
        *,
        account: bytes | None,
        session: str | None,
        at: object,
    ) -> Sent | None:
        """The rendition, if the policy lets that viewer be sent the photograph and its key still exists."""
        values = {
            "photo": photo.hex(),
            "rendition": rendition,
            "account": None if account is None else account.hex(),
            "session": session,
            "at": at,
        }
        row = self._database.first(self._statement_for(account, session), values)
        if row is None:
            return None
        blob, media_type, instance, generation, author, author_wrapped, hold_wrapped = row
        return Sent(
            _id(blob),
            media_type,
            _id(instance),
            generation,
            _id(author),
            bytes(author_wrapped),
            bytes(hold_wrapped),
        )

    def _statement_for(self, account: bytes | None, session: str | None) -> Statement:
        if account is not None:
            return self._signed_in
        return self._nobody if session is None else self._visitor

    @cached_property
    def _visit(self) -> Statement:
        alive = Session.objects.filter(session_key=SESSION, expire_date__gt=AT)
        return compiled(alive.values_list("account_id", "account__is_active"))

    @cached_property
    def _signed_in(self) -> Statement:
        return _photograph_for(Viewer(ACCOUNT, SESSION))

    @cached_property
    def _visitor(self) -> Statement:
        return _photograph_for(Viewer(None, SESSION))

    @cached_property
    def _nobody(self) -> Statement:
        return _photograph_for(Viewer(None, None))


def _photograph_for(viewer: Viewer) -> Statement:
    epoch = KeyEpoch.objects.all()
    open_now = with_openness(Photo.objects.all(), viewer, at=AT).filter(is_open=True)
    rows = open_now.filter(
        pk=PHOTO,
        renditions__name=RENDITION,
        holds__kind=Hold.Kind.SHOWN,
        holds__account__authorkey__isnull=False,
    )
    return compiled(
        rows.values_list(
            "renditions__id",
            "renditions__media_type",
            Subquery(epoch.values("instance")[:1]),
            Subquery(epoch.values("generation")[:1]),
            "holds__account_id",
            F("holds__account__authorkey__wrapped"),
            "holds__wrapped",
        )[:1]
    )


def _id(found: object) -> bytes:
    """An id from a row, whichever way the database has ids."""
    if isinstance(found, str):
        found = bytes.fromhex(found)
    elif isinstance(found, UUID):
        found = found.bytes
    if not isinstance(found, bytes) or len(found) != _ID_BYTES:
        raise ValueError
    return found
