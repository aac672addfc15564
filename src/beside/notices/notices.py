"""Notices: telling a person something, and clearing it. A notice holds no name and quotes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import transaction

from beside.notices.models import Notice

# Notices that stay until they are answered, or until there is nothing left to answer.
WAITING = (
    Notice.Kind.FOLLOW_REQUESTED,
    Notice.Kind.COAUTHOR_INVITED,
    Notice.Kind.APPROVAL_REQUESTED,
    Notice.Kind.ACCESS_REQUESTED,
    Notice.Kind.LINK_APPROVAL_REQUESTED,
    Notice.Kind.SECOND_DEVICE,
    Notice.Kind.CLAIMED,
    Notice.Kind.DELEGATION_OFFERED,
    Notice.Kind.STEWARD_REQUESTED,
    Notice.Kind.RESPONSES_OFFERED,
    Notice.Kind.SHELF_OFFERED,
    Notice.Kind.RESPONSES_WAIT,
    Notice.Kind.RESPONSES_PAUSED,
    Notice.Kind.RESPONSE_QUESTION,
    Notice.Kind.MODERATOR_NAMED,
    Notice.Kind.NOTE_TO_HAND_OVER,
    Notice.Kind.NAMED_IN_FAMILY,
)


def tell(
    recipient: UUID,
    kind: Notice.Kind,
    *,
    about: UUID | None = None,
    actor: UUID | None = None,
    at: datetime,
) -> None:
    """Add a notice to `recipient`'s News, unless the same one is there unread. `actor` is the account that did it."""
    same = Notice.objects.filter(recipient_id=recipient, kind=kind, about=about, actor_id=actor)
    if not same.filter(read_at=None).exists():
        Notice.objects.create(recipient_id=recipient, kind=kind, about=about, actor_id=actor, at=at)


def untell(recipient: UUID, kind: Notice.Kind, *, about: UUID) -> None:
    """Remove a notice that has been dealt with, or whose subject no longer exists."""
    Notice.objects.filter(recipient_id=recipient, kind=kind, about=about).delete()


def newest(recipient: UUID) -> list[Notice]:
    """`recipient`'s notices, newest first, at most 200."""
    return list(Notice.objects.filter(recipient_id=recipient).order_by("-at", "id")[:200])


def mark_read(recipient: UUID, *, at: datetime) -> None:
    """Mark all of `recipient`'s notices as read, so that the dot beside "News" goes. They stay until cleared."""
    unread = Notice.objects.filter(recipient_id=recipient, read_at=None)
    # An UPDATE of no row would wait for everybody who writes all the same.
    if unread.exists():
        unread.update(read_at=at)


@transaction.atomic
def put_away(recipient: UUID) -> list[Notice]:
    """Delete all notices except those that wait for an answer; returns them, so that they can be brought back."""
    told = Notice.objects.filter(recipient_id=recipient).exclude(kind__in=WAITING)
    gone = list(told.order_by("-at", "id"))
    told.filter(pk__in=[notice.pk for notice in gone]).delete()
    return gone


def bring_back(recipient: UUID, gone: Iterable[Notice]) -> None:
    """Restore deleted notices of `recipient`, as read. One whose actor has left since then names nobody."""
    mine = [notice for notice in gone if notice.kind not in WAITING]
    actors = {notice.actor_id for notice in mine if notice.actor_id}
    still_here = set(get_user_model().objects.filter(pk__in=actors).values_list("pk", flat=True))
    for notice in mine:
        notice.recipient_id, notice.read_at = recipient, notice.at
        notice.actor_id = notice.actor_id if notice.actor_id in still_here else None
    Notice.objects.bulk_create(mine)
