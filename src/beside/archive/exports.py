"""Who may fetch an archive, of what, and until when."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from beside.archive.models import Export
from beside.notices import notices
from beside.notices.models import Notice
from beside.people import delegations
from beside.people.delegations import HandsOver, NoSuchDelegation
from beside.people.models import Account

# How long an archive may be fetched, and a broken line gone on with.
TERM = timedelta(days=1)


class NoSuchExport(Exception):
    """There is none, not theirs, not any more, or whoever took it may not act now. Pages answer that nothing is there."""


@transaction.atomic
def ask_for(account: Account, *, with_originals: bool, at: datetime) -> Export:
    """Let `account` fetch an archive of all that is theirs; one that they asked for before ends."""
    Export.objects.filter(account=account, taken_by=account).delete()
    return Export.objects.create(
        account=account,
        taken_by=account,
        holds=HandsOver.EVERYTHING,
        with_originals=with_originals,
        made_at=at,
        ends_at=at + TERM,
    )


@transaction.atomic
def hand_over(delegation_id: UUID, *, by: Account, at: datetime) -> Export:
    """Let somebody for after fetch what their author has signed that they may; the author is told.

    Raises `NoSuchDelegation`, also where the term isn't over or nothing is to be handed over.
    """
    held = delegations.locked(delegations.acting(by, at=at), delegation_id)
    if held.hands_over == HandsOver.NOTHING:
        raise NoSuchDelegation
    notices.tell(held.author_id, Notice.Kind.ARCHIVE_TAKEN, about=held.pk, at=at)
    return Export.objects.create(
        account=held.author,
        taken_by=by,
        delegation=held,
        holds=held.hands_over,
        with_originals=held.hands_over == HandsOver.EVERYTHING,
        made_at=at,
        ends_at=at + TERM,
    )


def taken_by(account: Account, *, at: datetime) -> QuerySet[Export]:
    """What `account` may fetch at `at`, newest first: their own, and what they are to hand over."""
    may_act = delegations.acting(account, at=at).values("pk")
    theirs = Export.objects.filter(taken_by=account, ends_at__gt=at)
    theirs = theirs.filter(delegation=None) | theirs.filter(delegation__in=may_act)
    return theirs.select_related("account__profile").order_by("-made_at", "pk")


def current(export_id: UUID, *, by: Account, at: datetime) -> Export:
    """The archive of this id, if `by` may fetch it at `at`; raises `NoSuchExport`."""
    if found := taken_by(by, at=at).filter(pk=export_id).first():
        return found
    raise NoSuchExport


def handed_over(account: Account) -> QuerySet[Export]:
    """What others have taken of `account`'s, newest first: kept for them to know."""
    others = Export.objects.filter(account=account).exclude(delegation=None)
    return others.select_related("taken_by__profile").order_by("-made_at", "pk")
