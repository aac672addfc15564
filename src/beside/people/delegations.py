"""Somebody does one thing for an author: reads first, writes for them, or is there for after.

It holds once both have signed (the author by offering it), and until either ends it, at once. A block
ends it too. What each may do is asked of `in_force` wherever it is done.
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
# How long an author has to say no before somebody for after may do anything.
TERM = timedelta(days=60)
_ASKS_NO_MORE = {"asked_to_act_at": None, "acts_from": None}


class NoSuchDelegation(Exception):
    """There is none, not of theirs, or not any more. Pages answer that nothing is there."""


def in_force() -> QuerySet[Delegation]:
    """Those that hold: signed by both, ended by neither, and no block between the two."""
    return _apart_from_blocks().filter(signed_at__isnull=False, delegate__is_active=True)


def of(account: Account) -> QuerySet[Delegation]:
    """What others do, or are asked to do, for `account`, with the delegates' profiles."""
    mine = _apart_from_blocks().filter(author=account, delegate__is_active=True)
    return mine.select_related("delegate__profile").order_by("offered_at", "pk")


def done_by(account: Account) -> QuerySet[Delegation]:
    """What `account` does, or is asked to do, for others, with the authors' profiles."""
    theirs = _apart_from_blocks().filter(delegate=account)
    return theirs.select_related("author__profile").order_by("offered_at", "pk")


@transaction.atomic
def offer(
    author: Account,
    delegate: Account,
    role: Role,
    *,
    said: str,
    at: datetime,
    hands_over: HandsOver = HandsOver.NOTHING,
) -> None:
    """Ask somebody to do it. Asking again does nothing, nor does asking oneself or across a block.

    Only somebody for after hands anything over.
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
            "said": said.strip(),
            "offered_at": at,
            "hands_over": hands_over if role == Role.STEWARD else HandsOver.NOTHING,
        },
    )
    if is_new:
        notices.tell(delegate.pk, Notice.Kind.DELEGATION_OFFERED, about=offered.pk, at=at)


@transaction.atomic
def sign(delegation_id: UUID, *, by: Account, at: datetime) -> None:
    """The second signature; from then on it holds. Twice is harmless. Raises `NoSuchDelegation`."""
    asked = locked(done_by(by), delegation_id)
    if asked.signed_at is None:
        Delegation.objects.filter(pk=asked.pk).update(signed_at=at)
        notices.untell(by.pk, Notice.Kind.DELEGATION_OFFERED, about=asked.pk)
        notices.tell(asked.author_id, Notice.Kind.DELEGATION_SIGNED, about=asked.pk, at=at)


@transaction.atomic
def end(delegation_id: UUID, *, by: Account, at: datetime) -> None:
    """End it, or the question, at once; either of the two alone. The other is told, and not why.

    Raises `NoSuchDelegation`.
    """
    ended = locked(_apart_from_blocks().filter(Q(author=by) | Q(delegate=by)), delegation_id)
    _end(ended, at=at)
    is_author = ended.author_id == by.pk
    if not is_author or ended.signed_at:
        other = ended.delegate_id if is_author else ended.author_id
        notices.tell(other, Notice.Kind.DELEGATION_ENDED, about=ended.pk, at=at)


def end_again(delegation_id: UUID, *, at: datetime) -> None:
    """End it over an older state of the database; nobody is told again."""
    for ended in Delegation.objects.filter(pk=delegation_id, ended_at=None):
        _end(ended, at=at)


@transaction.atomic
def ask_to_act(delegation_id: UUID, *, by: Account, at: datetime) -> bool:
    """Somebody for after asks to act: from then the author has `TERM` to say no. Returns whether it began now.

    Raises `NoSuchDelegation`.
    """
    asked = locked(in_force().filter(delegate=by, role=Role.STEWARD), delegation_id)
    if asked.asked_to_act_at is not None:
        return False
    acts_from = time_zones.later(asked.author, at, TERM)
    Delegation.objects.filter(pk=asked.pk).update(asked_to_act_at=at, acts_from=acts_from)
    notices.tell(asked.author_id, Notice.Kind.STEWARD_ASKS, about=asked.pk, at=at)
    return True


@transaction.atomic
def stop_asking(delegation_id: UUID, *, by: Account) -> None:
    """The author says no, or the other takes it back; nothing more is told to either. Raises `NoSuchDelegation`."""
    asked = locked(in_force().filter(Q(author=by) | Q(delegate=by)), delegation_id)
    Delegation.objects.filter(pk=asked.pk).update(**_ASKS_NO_MORE)
    notices.untell(asked.author_id, Notice.Kind.STEWARD_ASKS, about=asked.pk)


def stop_all_asking() -> None:
    """Have everybody for after ask anew: an older state of the database doesn't know who has said no since."""
    Delegation.objects.exclude(asked_to_act_at=None).update(**_ASKS_NO_MORE)


def asks_to_act(account: Account) -> QuerySet[Delegation]:
    """Those for after who have asked to act for `account`, whether or not the term is over."""
    return in_force().filter(author=account, asked_to_act_at__isnull=False)


def acting(by: Account, *, at: datetime) -> QuerySet[Delegation]:
    """Those under which `by` may act for somebody at `at`: the term is over, and nobody said no."""
    return in_force().filter(delegate=by, role=Role.STEWARD, acts_from__lte=at)


def locked(some: QuerySet[Delegation], delegation_id: UUID) -> Delegation:
    """One of `some`, kept from others until the commit; raises `NoSuchDelegation`."""
    both = Delegation.objects.filter(pk=delegation_id).values_list("author", "delegate").first()
    if both is None:
        raise NoSuchDelegation
    blocks.lock(*both)
    held = some.select_related(None).select_for_update(of=("self",)).filter(pk=delegation_id)
    if found := held.first():
        return found
    raise NoSuchDelegation


def _end(ended: Delegation, *, at: datetime) -> None:
    Delegation.objects.filter(pk=ended.pk).update(ended_at=at, said="", **_ASKS_NO_MORE)
    notices.untell(ended.delegate_id, Notice.Kind.DELEGATION_OFFERED, about=ended.pk)
    for kind in (Notice.Kind.DELEGATION_SIGNED, Notice.Kind.STEWARD_ASKS):
        notices.untell(ended.author_id, kind, about=ended.pk)
    narrowings.record(Narrowing.Kind.DELEGATION_ENDED, at=at, delegation=ended.pk)


def _apart_from_blocks() -> QuerySet[Delegation]:
    between = Block.objects.filter(
        Q(blocker=OuterRef("author"), blocked=OuterRef("delegate"))
        | Q(blocker=OuterRef("delegate"), blocked=OuterRef("author"))
    )
    return Delegation.objects.filter(~Exists(between), ended_at=None)
