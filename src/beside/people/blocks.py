"""Blocking: neither of the two sees anything of the other's, old letters included. Nobody is told.

Nothing else has to be updated: the rule (`access.policy`) reads the row, and delivery asks the rule.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from beside.notices import notices
from beside.notices.models import Notice
from beside.people import narrowings
from beside.people.models import Account, Block, Delegation, Follow, Membership, Narrowing


@transaction.atomic
def block(blocker: Account, blocked: Account, *, at: datetime) -> None:
    """Block somebody. Blocking twice, or oneself, does nothing.

    It also ends following both ways, removes each from the other's circles, and ends delegations between
    them. Unblocking restores none of that.
    """
    if blocker.pk == blocked.pk:
        return
    lock(blocker.pk, blocked.pk)
    _row, is_new = Block.objects.get_or_create(
        blocker=blocker, blocked=blocked, defaults={"at": at}
    )
    _end_follows_and_memberships(blocker, blocked)
    _end_follows_and_memberships(blocked, blocker)
    _end_delegations(blocker, blocked, at=at)
    if is_new:
        narrowings.record(Narrowing.Kind.BLOCKED, at=at, blocker=blocker.pk, blocked=blocked.pk)


def unblock(blocker: Account, blocked_id: UUID) -> None:
    """End `blocker`'s own block. If the other has blocked them too, that block stays."""
    Block.objects.filter(blocker=blocker, blocked_id=blocked_id).delete()


def is_between(one: Account, other: Account) -> bool:
    """Whether either of the two has blocked the other."""
    return Block.objects.filter(
        Q(blocker=one, blocked=other) | Q(blocker=other, blocked=one)
    ).exists()


def lock(*accounts: UUID) -> None:
    """Lock these accounts until the commit against blocking, admitting and banning each other.

    Needs a transaction. Call it before `is_between` if you write afterwards, or a block made in between is missed.
    """
    all_of_them = Account.objects.filter(pk__in=accounts).order_by("pk")
    list(all_of_them.select_for_update(no_key=True).values_list("pk"))


def blocked_by(account: Account) -> list[Account]:
    """The people whom `account` has blocked, by name."""
    blocked = Account.objects.filter(blocked_by__blocker=account).select_related("profile")
    return list(blocked.order_by("profile__name"))


def _end_follows_and_memberships(one: Account, other: Account) -> None:
    Follow.objects.filter(follower=one, followed=other).delete()
    Membership.objects.filter(circle__owner=one, account=other).delete()
    for kind in (Notice.Kind.FOLLOW_REQUESTED, Notice.Kind.FOLLOW_ACCEPTED):
        notices.untell(one.pk, kind, about=other.pk)


def _end_delegations(one: Account, other: Account, *, at: datetime) -> None:
    either = Q(author=one, delegate=other) | Q(author=other, delegate=one)
    Delegation.objects.filter(either, ended_at=None).update(
        ended_at=at, message="", asked_to_act_at=None, acts_from=None
    )
