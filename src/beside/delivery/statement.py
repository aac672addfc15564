"""The SQL statements that delivery runs: the whole of `access.policy`, compiled once for each kind of viewer.

The policy's own functions make each statement from placeholder values, and each request fills
in the real ones. So there is no second rule here that could differ from the first. Each is asked in
its shortest form first (`access.openness`), in a longer one where that says no, and whole where both do.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, QuerySet, Subquery

from beside.access import openness, policy
from beside.access.compiled import (
    ACCOUNT,
    AT,
    PHOTO,
    RENDITION,
    SESSION,
    Row,
    Statement,
    compiled,
)
from beside.access.policy import Viewer
from beside.delivery.database import Database
from beside.people.models import Session
from beside.photos.models import Hold, KeyEpoch, Photo

_ID_BYTES = 16
Rule = Callable[..., QuerySet[Any]]


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
    """Each is compiled when it is first used, or by `prepare`, for the database in the settings."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rules: dict[tuple[bool, bool], list[Statement]] = {}

    def prepare(self) -> None:
        """Compile and ask each of them once, for nobody, so that no photograph waits for that. Raises `NoAnswer`."""
        nobody = dict.fromkeys(("photo", "rendition", "account", "session", "at"))
        kinds = ((True, True), (False, True), (False, False))
        rules = [statement for kind in kinds for statement in self._rule(*kind)]
        self._database.prepare([self._visit, *rules], nobody)

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
        for statement in self._rule(account is not None, session is not None):
            if (row := self._database.first(statement, values)) is not None:
                return _sent(row)
        return None

    def _rule(self, signed_in: bool, in_a_visit: bool) -> list[Statement]:
        """The forms of the rule for such a viewer, the shortest first, and the whole one last."""
        found = self._rules.get((signed_in, in_a_visit))
        if found is None:
            viewer = Viewer(ACCOUNT if signed_in else None, SESSION if in_a_visit else None)
            forms: list[Rule] = [openness.with_openness_in_posts, policy.with_openness]
            if signed_in:
                forms.insert(0, openness.with_openness_for_named)
            found = [_photograph(form, viewer) for form in forms]
            self._rules[signed_in, in_a_visit] = found
        return found

    @cached_property
    def _visit(self) -> Statement:
        alive = Session.objects.filter(session_key=SESSION, expire_date__gt=AT)
        return compiled(alive.values_list("account_id", "account__is_active"))


def _photograph(rule: Rule, viewer: Viewer) -> Statement:
    epoch = KeyEpoch.objects.all()
    open_now = rule(Photo.objects.all(), viewer, at=AT).filter(is_open=True)
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


def _sent(row: Row) -> Sent:
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


def _id(found: object) -> bytes:
    """An id from a row, whichever way the database has ids."""
    if isinstance(found, str):
        found = bytes.fromhex(found)
    elif isinstance(found, UUID):
        found = found.bytes
    if not isinstance(found, bytes) or len(found) != _ID_BYTES:
        raise ValueError
    return found
