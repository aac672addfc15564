"""Delegations: somebody reads first for an author, writes for them, or is there for after.

One is in force once both have signed (the author by offering it) and until either ends it. A block
ends it too. Every act under a delegation asks `in_force`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from beside.notices import notices
from beside.notices.models import Notice
from beside.people import blocks, narrowings, time_zones
from beside.people.models import Account, Block, Delegation, Narrowing

Role = Delegation.Role
HandsOver = Delegation.HandsOver
# How long an author has to say no before a steward may act.
TERM = timedelta(days=60)
_NO_REQUEST_TO_ACT = {"asked_to_act_at": None, "acts_from": None}


class NoSuchDelegation(Exception):
    """It never existed, isn't theirs or has ended. Pages answer 404."""


def in_force() -> QuerySet[Delegation]:
    """Delegations signed by both, ended by neither, with no block between the two."""
    return _apart_from_blocks().filter(
        signed_at__isnull=False, delegate__is_active=True, delegate__suspended_at=None
    )


def screening() -> QuerySet[Delegation]:
    """The delegations in force of people who read first."""
    return in_force().filter(role=Role.SCREENER)


def of(account: Account) -> QuerySet[Delegation]:
    """The delegations that `account` has given or offered, with the delegates' profiles."""
    mine = _apart_from_blocks().filter(author=account, delegate__is_active=True)
    return mine.select_related("delegate__profile").order_by("offered_at", "pk")


def done_by(account: Account) -> QuerySet[Delegation]:
    """The delegations that others have given or offered to `account`, with the authors' profiles."""
    theirs = _apart_from_blocks().filter(delegate=account)
    return theirs.select_related("author__profile").order_by("offered_at", "pk")


@transaction.atomic
def offer(
    author: Account,
    delegate: Account,
    role: Role,
    *,
    message: str,
    at: datetime,
    hands_over: HandsOver = HandsOver.NOTHING,
) -> None:
    """Offer a delegation. Offering it again, to oneself or across a block does nothing.

    `hands_over` only counts for a steward.
    """
    blocks.lock(author.pk, delegate.pk)
    if author.pk == delegate.pk or blocks.is_between(author, delegate):
        return
    offered, is_new = Delegation.objects.get_or_create(
        author=author,
        delegate=delegate,
        role=role,
        ended_at=None,
        defaults={
            "message": message.strip(),
            "offered_at": at,
            "hands_over": hands_over if role == Role.STEWARD else HandsOver.NOTHING,
        },
    )
    if is_new:
        notices.tell(delegate.pk, Notice.Kind.DELEGATION_OFFERED, about=offered.pk, at=at)


@transaction.atomic
def sign(delegation_id: UUID, *, by: Account, at: datetime) -> None:
    """Sign as the delegate; from then on it is in force. Signing twice is harmless. Raises `NoSuchDelegation`."""
    asked = locked(done_by(by), delegation_id)
    if asked.signed_at is None:
        Delegation.objects.filter(pk=asked.pk).update(signed_at=at)
        notices.untell(by.pk, Notice.Kind.DELEGATION_OFFERED, about=asked.pk)
        notices.tell(asked.author_id, Notice.Kind.DELEGATION_SIGNED, about=asked.pk, at=at)


@transaction.atomic
def end(delegation_id: UUID, *, by: Account, at: datetime) -> None:
    """End a delegation or an offer, as either of the two may. The other is told, without a reason.

    Raises `NoSuchDelegation`.
    """
    ended = locked(_apart_from_blocks().filter(Q(author=by) | Q(delegate=by)), delegation_id)
    _end(ended, at=at)
    is_author = ended.author_id == by.pk
    if not is_author or ended.signed_at:
        other = ended.delegate_id if is_author else ended.author_id
        notices.tell(other, Notice.Kind.DELEGATION_ENDED, about=ended.pk, at=at)


def end_again(delegation_id: UUID, *, at: datetime) -> None:
    """End a delegation again after a restore. Nobody is told again."""
    for ended in Delegation.objects.filter(pk=delegation_id, ended_at=None):
        _end(ended, at=at)


@transaction.atomic
def ask_to_act(delegation_id: UUID, *, by: Account, at: datetime) -> bool:
    """A steward asks to act; the author then has `TERM` to say no. Returns False if they had asked already.

    Raises `NoSuchDelegation`.
    """
    asked = locked(in_force().filter(delegate=by, role=Role.STEWARD), delegation_id)
    if asked.asked_to_act_at is not None:
        return False
    acts_from = time_zones.later(asked.author, at, TERM)
    Delegation.objects.filter(pk=asked.pk).update(asked_to_act_at=at, acts_from=acts_from)
    notices.tell(asked.author_id, Notice.Kind.STEWARD_REQUESTED, about=asked.pk, at=at)
    return True


@transaction.atomic
def stop_asking(delegation_id: UUID, *, by: Account) -> None:
    """End a steward's request to act, as either of the two may. Nobody is told. Raises `NoSuchDelegation`."""
    asked = locked(in_force().filter(Q(author=by) | Q(delegate=by)), delegation_id)
    Delegation.objects.filter(pk=asked.pk).update(**_NO_REQUEST_TO_ACT)
    notices.untell(asked.author_id, Notice.Kind.STEWARD_REQUESTED, about=asked.pk)


def stop_all_asking() -> None:
    """End every request to act: after a restore, the database doesn't know which were refused since."""
    Delegation.objects.exclude(asked_to_act_at=None).update(**_NO_REQUEST_TO_ACT)


def asks_to_act(account: Account) -> QuerySet[Delegation]:
    """The delegations whose stewards have asked to act for `account`, whether or not the term is over."""
    return in_force().filter(author=account, asked_to_act_at__isnull=False)


def acting(by: Account, *, at: datetime) -> QuerySet[Delegation]:
    """The delegations under which `by` may act at `at`: the term is over, and the author hasn't said no."""
    return in_force().filter(delegate=by, role=Role.STEWARD, acts_from__lte=at)


def locked(some: QuerySet[Delegation], delegation_id: UUID) -> Delegation:
    """The one of `some` with this id, locked until the commit. Raises `NoSuchDelegation`."""
    both = Delegation.objects.filter(pk=delegation_id).values_list("author", "delegate").first()
    if both is None:
        raise NoSuchDelegation
    blocks.lock(*both)
    held = some.select_related(None).select_for_update(of=("self",)).filter(pk=delegation_id)
    if found := held.first():
        return found
    raise NoSuchDelegation


def _end(ended: Delegation, *, at: datetime) -> None:
    Delegation.objects.filter(pk=ended.pk).update(ended_at=at, message="", **_NO_REQUEST_TO_ACT)
    notices.untell(ended.delegate_id, Notice.Kind.DELEGATION_OFFERED, about=ended.pk)
    for kind in (Notice.Kind.DELEGATION_SIGNED, Notice.Kind.STEWARD_REQUESTED):
        notices.untell(ended.author_id, kind, about=ended.pk)
    narrowings.record(Narrowing.Kind.DELEGATION_ENDED, at=at, delegation=ended.pk)


def _apart_from_blocks() -> QuerySet[Delegation]:
    between = Block.objects.filter(
        Q(blocker=OuterRef("author"), blocked=OuterRef("delegate"))
        | Q(blocker=OuterRef("delegate"), blocked=OuterRef("author"))
    )
    return Delegation.objects.filter(~Exists(between), ended_at=None)
