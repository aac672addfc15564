"""The statements that delivery asks: the whole of `access.policy`, compiled once for each kind of viewer.

A statement is made by the policy's own functions from stand-in values; at each request the
real ones take their places. There is no second rule here that could differ from the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import F, QuerySet, Subquery

from beside.access.policy import Viewer, with_openness
from beside.people.models import Session
from beside.photos.models import Hold, KeyEpoch, Photo

_PHOTO = UUID("00000000-0000-4000-8000-00000000f070")
_ACCOUNT = UUID("00000000-0000-4000-8000-0000000acc07")
_SESSION = "a session that stands in"
_RENDITION = "stand-in"
_AT = datetime(1970, 1, 1, 0, 0, 0, 1, tzinfo=UTC)


class Visit(NamedTuple):
    """Whose session it is (None: a visitor's), and whether that account is active."""

    account: UUID | None
    is_active: bool


class Sent(NamedTuple):
    """Where a photograph's bytes are, and every row that is needed to open them."""

    blob: UUID
    media_type: str
    instance: UUID
    generation: int
    author: UUID
    author_wrapped: bytes
    hold_wrapped: bytes


@dataclass(frozen=True)
class _Statement:
    """SQL with a name wherever a request's own value belongs."""

    sql: str

    def ask(self, **values: object) -> tuple[Any, ...] | None:
        """The first row, by way of this thread's own connection and no ORM.

        SQLite keeps a statement prepared that it is given again.
        """
        connection.ensure_connection()
        with connection.wrap_database_errors:
            row: tuple[Any, ...] | None = connection.connection.execute(self.sql, values).fetchone()
        return row


class Statements:
    """Compiled at the first use of each, for the database that is set."""

    def visit(self, session: str, *, at: datetime) -> Visit | None:
        """The session's row, if it is alive."""
        row = self._visit.ask(session=session, at=_as_time(at))
        if row is None:
            return None
        account, is_active = row
        return Visit(None if account is None else _as_uuid(account), bool(is_active))

    def photograph(
        self, photo: UUID, rendition: str, *, viewer: Viewer, at: datetime
    ) -> Sent | None:
        """The rendition, if the policy opens the photograph to `viewer` and its key still exists."""
        statement = self._statement_for(viewer)
        row = statement.ask(
            photo=_from_uuid(photo),
            rendition=rendition,
            account=viewer.account and _from_uuid(viewer.account),
            session=viewer.session,
            at=_as_time(at),
        )
        if row is None:
            return None
        blob, media_type, instance, generation, author, author_wrapped, hold_wrapped = row
        return Sent(
            _as_uuid(blob),
            media_type,
            _as_uuid(instance),
            generation,
            _as_uuid(author),
            bytes(author_wrapped),
            bytes(hold_wrapped),
        )

    def _statement_for(self, viewer: Viewer) -> _Statement:
        if viewer.account is not None:
            return self._signed_in
        return self._nobody if viewer.session is None else self._visitor

    @cached_property
    def _visit(self) -> _Statement:
        alive = Session.objects.filter(session_key=_SESSION, expire_date__gt=_AT)
        return _compiled(alive.values_list("account_id", "account__is_active"))

    @cached_property
    def _signed_in(self) -> _Statement:
        return _photograph_for(Viewer(_ACCOUNT, _SESSION))

    @cached_property
    def _visitor(self) -> _Statement:
        return _photograph_for(Viewer(None, _SESSION))

    @cached_property
    def _nobody(self) -> _Statement:
        return _photograph_for(Viewer(None, None))


def _photograph_for(viewer: Viewer) -> _Statement:
    epoch = KeyEpoch.objects.all()
    open_now = with_openness(Photo.objects.all(), viewer, at=_AT).filter(is_open=True)
    rows = open_now.filter(
        pk=_PHOTO,
        renditions__name=_RENDITION,
        holds__kind=Hold.Kind.SHOWN,
        holds__account__authorkey__isnull=False,
    )
    return _compiled(
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


def _compiled(rows: QuerySet[Any, Any]) -> _Statement:
    sql, params = rows.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    stand_ins = {
        _from_uuid(_PHOTO): "photo",
        _from_uuid(_ACCOUNT): "account",
        _SESSION: "session",
        _RENDITION: "rendition",
        _as_time(_AT): "at",
    }
    places = [
        _name(stand_ins[value]) if value in stand_ins else _constant(value) for value in params
    ]
    return _Statement(sql % tuple(places))


def _name(name: str) -> str:
    return f":{name}" if connection.vendor == "sqlite" else f"%({name})s"


def _constant(value: object) -> str:
    """A constant of the policy's own, such as a state or a sight. Nothing that came from anybody."""
    if isinstance(value, int):
        return str(bool(value)) if isinstance(value, bool) else str(int(value))
    text = str(value)
    assert text.replace(" ", "").isalpha(), text
    return f"'{text}'"


def _as_time(at: datetime) -> object:
    return connection.ops.adapt_datetimefield_value(at)


def _from_uuid(value: UUID) -> object:
    return value if connection.features.has_native_uuid_field else value.hex


def _as_uuid(value: object) -> UUID:
    return value if isinstance(value, UUID) else UUID(hex=str(value))
