"""Notices: telling a person something, and clearing it. A notice names nobody and quotes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from beside.notices.models import Notice

# Lines that stay until they are answered, or until nothing is left to answer.
WAITING = (
    Notice.Kind.FOLLOW_ASKED,
    Notice.Kind.ASKED_BESIDE,
    Notice.Kind.ASKED_YES,
    Notice.Kind.ASKED_TO_COME_IN,
    Notice.Kind.LINK_ASKED,
    Notice.Kind.SECOND_DEVICE,
    Notice.Kind.CLAIMED,
    Notice.Kind.DELEGATION_OFFERED,
    Notice.Kind.STEWARD_ASKS,
)


def tell(recipient: UUID, kind: Notice.Kind, *, about: UUID | None = None, at: datetime) -> None:
    """Add a line to `recipient`'s News, unless the same line is there unread."""
    unread = Notice.objects.filter(recipient_id=recipient, kind=kind, about=about, read_at=None)
    if not unread.exists():
        Notice.objects.create(recipient_id=recipient, kind=kind, about=about, at=at)


def untell(recipient: UUID, kind: Notice.Kind, *, about: UUID) -> None:
    """Remove a line whose matter has been dealt with or no longer exists."""
    Notice.objects.filter(recipient_id=recipient, kind=kind, about=about).delete()


def newest(recipient: UUID) -> list[Notice]:
    """What `recipient` has been told and hasn't put away, newest first."""
    return list(Notice.objects.filter(recipient_id=recipient).order_by("-at", "id")[:200])


def mark_read(recipient: UUID, *, at: datetime) -> None:
    """End the dot beside "News". The lines stay until they are put away."""
    Notice.objects.filter(recipient_id=recipient, read_at=None).update(read_at=at)


@transaction.atomic
def put_away(recipient: UUID) -> list[Notice]:
    """Put everything away, but for what still waits for an answer; returns it, so that it can be brought back."""
    told = Notice.objects.filter(recipient_id=recipient).exclude(kind__in=WAITING)
    gone = list(told.order_by("-at", "id"))
    told.filter(pk__in=[notice.pk for notice in gone]).delete()
    return gone


def bring_back(recipient: UUID, gone: Iterable[tuple[str, UUID | None, datetime]]) -> None:
    """Bring back, as read, what was put away: the kind of each, what it is about, and when it was told."""
    Notice.objects.bulk_create(
        Notice(recipient_id=recipient, kind=kind, about=about, at=at, read_at=at)
        for kind, about, at in gone
        if kind not in WAITING
    )
