"""The SQL statements that delivery runs: the whole of `access.policy`, compiled once for each kind of viewer.

The policy's own functions make each statement from placeholder values, and each request fills
in the real ones. So there is no second rule here that could differ from the first.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from django.db.models import F, Subquery

from beside.access.compiled import (
    ACCOUNT,
    AT,
    PHOTO,
    RENDITION,
    SESSION,
    Statement,
    as_uuid,
    compiled,
    from_uuid,
)
from beside.access.policy import Viewer, with_openness
from beside.people.models import Session
from beside.photos.models import Hold, KeyEpoch, Photo


class Visit(NamedTuple):
    """A session's account (None for a visitor), and whether that account is active."""

    account: UUID | None
    is_active: bool


class Sent(NamedTuple):
    """Where a photograph's bytes are, and everything from the database that decrypting them needs."""

    blob: UUID
    media_type: str
    instance: UUID
    generation: int
    author: UUID
    author_wrapped: bytes
    hold_wrapped: bytes


class Statements:
    """Each is compiled when it is first used, for the database in the settings."""

    def visit(self, session: str, *, at: object) -> Visit | None:
        """The session's row, if it hasn't ended. `at` is what `compiled.as_time` returns."""
        row = self._visit.first(session=session, at=at)
        if row is None:
            return None
        account, is_active = row
        return Visit(None if account is None else as_uuid(account), bool(is_active))

    def photograph(self, photo: UUID, rendition: str, *, viewer: Viewer, at: object) -> Sent | None:
        """The rendition, if the policy lets `viewer` be sent the photograph and its key still exists."""
        statement = self._statement_for(viewer)
        row = statement.first(
            photo=from_uuid(photo),
            rendition=rendition,
            account=viewer.account and from_uuid(viewer.account),
            session=viewer.session,
            at=at,
        )
        if row is None:
            return None
        blob, media_type, instance, generation, author, author_wrapped, hold_wrapped = row
        return Sent(
            as_uuid(blob),
            media_type,
            as_uuid(instance),
            generation,
            as_uuid(author),
            bytes(author_wrapped),
            bytes(hold_wrapped),
        )

    def _statement_for(self, viewer: Viewer) -> Statement:
        if viewer.account is not None:
            return self._signed_in
        return self._nobody if viewer.session is None else self._visitor

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
