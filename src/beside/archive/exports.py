"""Who may download an archive, of what, and until when."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from beside.archive.models import Export
from beside.notices import notices
from beside.notices.models import Notice
from beside.people import blocks, delegations
from beside.people.delegations import HandsOver, NoSuchDelegation
from beside.people.models import Account

# How long an archive can be downloaded, and an interrupted download resumed.
TERM = timedelta(days=1)


class NoSuchExport(Exception):
    """There is no such archive, it has expired or is somebody else's, or its steward may not act now.

    Pages answer with the 404 page.
    """


@transaction.atomic
def request(account: Account, *, with_originals: bool, at: datetime) -> Export:
    """Let `account` download an archive of all that is theirs. This ends the one that they requested before."""
    blocks.lock(account.pk)
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
    """Let a steward download what their author has agreed to hand over. The author is told.

    Raises `NoSuchDelegation`, also if the steward may not act yet or nothing is to be handed over.
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


def available_to(account: Account, *, at: datetime) -> QuerySet[Export]:
    """The archives that `account` may download at `at`, newest first: their own, and those they hand over as a steward."""
    may_act = delegations.acting(account, at=at).values("pk")
    theirs = Export.objects.filter(taken_by=account, ends_at__gt=at)
    theirs = theirs.filter(delegation=None) | theirs.filter(delegation__in=may_act)
    return theirs.select_related("account__profile").order_by("-made_at", "pk")


def current(export_id: UUID, *, by: Account, at: datetime) -> Export:
    """The archive with this id, if `by` may download it at `at`; raises `NoSuchExport`."""
    if found := available_to(by, at=at).filter(pk=export_id).first():
        return found
    raise NoSuchExport


def handed_over(account: Account) -> QuerySet[Export]:
    """The archives of `account`'s that stewards have taken, newest first, for `account` to see."""
    by_stewards = Export.objects.filter(account=account).exclude(delegation=None)
    return by_stewards.select_related("taken_by__profile").order_by("-made_at", "pk")
