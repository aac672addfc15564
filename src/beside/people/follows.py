"""Following: a subscription that grants no access. A no is never told: the person who asked still sees "asked"."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from beside.notices import notices
from beside.notices.models import Notice
from beside.people import blocks, circles, narrowings
from beside.people.models import Account, Circle, Follow, Narrowing
from beside.querysets.prepared import prepared


@transaction.atomic
def ask(follower: Account, followed: Account, *, at: datetime) -> None:
    """Ask to follow. Asking again, asking oneself or across a block does nothing."""
    blocks.lock(follower.pk, followed.pk)
    if follower.pk == followed.pk or blocks.is_between(follower, followed):
        return
    asked, is_new = Follow.objects.get_or_create(
        follower=follower, followed=followed, defaults={"asked_at": at}
    )
    if is_new or _asks_again(asked, at=at):
        notices.tell(followed.pk, Notice.Kind.FOLLOW_REQUESTED, about=follower.pk, at=at)


@transaction.atomic
def withdraw(follower: Account, followed_id: UUID) -> None:
    """Withdraw a request before it is answered; the person who was asked isn't told.

    If it was declined, withdrawing looks the same, and a new request reaches nobody.
    """
    blocks.lock(follower.pk, followed_id)
    unanswered = Q(state=Follow.State.REQUESTED) | Q(state=Follow.State.DECLINED)
    asked = Follow.objects.filter(unanswered, follower=follower, followed_id=followed_id)
    asked.update(state=Follow.State.WITHDRAWN)
    notices.untell(followed_id, Notice.Kind.FOLLOW_REQUESTED, about=follower.pk)


@transaction.atomic
def accept(
    followed: Account, follower_id: UUID, *, at: datetime, into: Circle | None = None
) -> None:
    """Accept a request, and add the follower to the circle `into`, if one is given. Without a request it does nothing."""
    blocks.lock(followed.pk, follower_id)
    over = (Follow.State.ACCEPTED, Follow.State.WITHDRAWN)
    asked = _of(followed, follower_id).exclude(state__in=over)
    if not asked.update(state=Follow.State.ACCEPTED, answered_at=at):
        return
    if into is not None:
        circles.add(into, Account.objects.get(pk=follower_id), at=at)
    notices.untell(followed.pk, Notice.Kind.FOLLOW_REQUESTED, about=follower_id)
    notices.tell(follower_id, Notice.Kind.FOLLOW_ACCEPTED, about=followed.pk, at=at)


@transaction.atomic
def decline(followed: Account, follower_id: UUID, *, at: datetime) -> None:
    """Decline a request. Nobody is told."""
    asked = _of(followed, follower_id).filter(state=Follow.State.REQUESTED)
    asked.update(state=Follow.State.DECLINED, answered_at=at)
    notices.untell(followed.pk, Notice.Kind.FOLLOW_REQUESTED, about=follower_id)


@transaction.atomic
def remove(followed: Account, follower_id: UUID, *, at: datetime) -> None:
    """Remove a follower. They stay in the circles that they are in."""
    following = _of(followed, follower_id).filter(state=Follow.State.ACCEPTED)
    if following.update(state=Follow.State.DECLINED, answered_at=at):
        notices.untell(follower_id, Notice.Kind.FOLLOW_ACCEPTED, about=followed.pk)
        narrowings.record(
            Narrowing.Kind.FOLLOWER_REMOVED, at=at, follower=follower_id, followed=followed.pk
        )


def stop(follower: Account, followed_id: UUID) -> None:
    """Stop following. A request that is open or was declined stays as it is."""
    following = Follow.objects.filter(follower=follower, followed_id=followed_id)
    following.filter(state=Follow.State.ACCEPTED).delete()


def seen_by_follower(follower: Account, followed_id: UUID) -> Follow.State | None:
    """The state that the follower is shown, or None. A declined request looks like an open one."""
    row = _asked.first(follower.pk, followed_id)
    if row is None or row.state == Follow.State.WITHDRAWN:
        return None
    is_accepted = row.state == Follow.State.ACCEPTED
    return Follow.State.ACCEPTED if is_accepted else Follow.State.REQUESTED


def is_asked_by(followed: Account, follower_id: UUID) -> bool:
    """Whether `follower_id` has an open request to follow `followed`."""
    return _waits.any(follower_id, followed.pk)


@prepared
def _asked(follower: UUID, followed: UUID) -> QuerySet[Follow]:
    return Follow.objects.filter(follower=follower, followed=followed)


@prepared
def _waits(follower: UUID, followed: UUID) -> QuerySet[Follow]:
    return _asked(follower, followed).filter(state=Follow.State.REQUESTED)


def followers_of(account: Account) -> list[Account]:
    """The people who follow `account`, by name."""
    followers = Account.objects.filter(
        following__followed=account, following__state=Follow.State.ACCEPTED, is_active=True
    )
    return list(followers.select_related("profile").order_by("profile__name"))


def _asks_again(asked: Follow, *, at: datetime) -> bool:
    """Reopen a withdrawn request, unless it had been declined: then it stays declined."""
    if asked.state != Follow.State.WITHDRAWN:
        return False
    if asked.answered_at is None:
        asked.state, asked.asked_at = Follow.State.REQUESTED, at
    else:
        asked.state = Follow.State.DECLINED
    asked.save(update_fields=["state", "asked_at"])
    return asked.state == Follow.State.REQUESTED


def _of(followed: Account, follower_id: UUID) -> QuerySet[Follow]:
    return Follow.objects.filter(followed=followed, follower_id=follower_id)
