"""Replaying narrowings between people after a restore. It never widens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction

from beside.people import (
    blocks,
    delegations,
    hosts,
    moderators,
    organisation_links,
    suspensions,
)
from beside.people.models import (
    Account,
    Follow,
    Invitation,
    Membership,
    Narrowing,
    Session,
)

Subject = Mapping[str, str]
Kind = Narrowing.Kind


@transaction.atomic
def replay(kind: str, subject: Subject, *, at: datetime) -> None:
    """Replay one narrowing. One about posts, or about people who aren't there, does nothing."""
    again = _AGAIN.get(kind)
    if again is not None:
        again(subject, at)


def forget_ways_in(*, at: datetime) -> None:
    """End every session, open invitation and request to act: each may have been ended, used or refused since the backup."""
    Session.objects.all().delete()
    delegations.stop_all_asking()
    Invitation.objects.open_at(at).update(revoked_at=at)


def _block(subject: Subject, at: datetime) -> None:
    blocker = Account.objects.filter(pk=UUID(subject["blocker"])).first()
    blocked = Account.objects.filter(pk=UUID(subject["blocked"])).first()
    if blocker and blocked:
        blocks.block(blocker, blocked, at=at)


def _take_out(subject: Subject, at: datetime) -> None:
    Membership.objects.filter(
        circle=UUID(subject["circle"]), account=UUID(subject["account"])
    ).delete()


def _hide_earlier_letters(subject: Subject, at: datetime) -> None:
    inside = Membership.objects.filter(
        circle=UUID(subject["circle"]), account=UUID(subject["account"])
    )
    inside.update(from_now_on=True)


def _unfollow(subject: Subject, at: datetime) -> None:
    following = Follow.objects.filter(
        follower=UUID(subject["follower"]), followed=UUID(subject["followed"])
    )
    following.update(state=Follow.State.DECLINED, answered_at=at)


def _sign_out(subject: Subject, at: datetime) -> None:
    """Removes passwords and passkeys too, as somebody else may have the old ones. A code by mail still works."""
    for account in Account.objects.filter(pk=UUID(subject["account"])):
        account.set_unusable_password()
        account.save(update_fields=["password"])
        Authenticator.objects.filter(user_id=account.pk).delete()
        organisation_links.end(account)


def _uninvite(subject: Subject, at: datetime) -> None:
    Invitation.objects.filter(pk=UUID(subject["invitation"])).open_at(at).update(revoked_at=at)


def _end_delegation(subject: Subject, at: datetime) -> None:
    delegations.end_again(UUID(subject["delegation"]), at=at)


def _suspend(subject: Subject, at: datetime) -> None:
    """The sentence isn't in the log, which holds no words."""
    for account in Account.objects.filter(pk=UUID(subject["account"]), is_host=False):
        suspensions.suspend(account.pk, because="", at=at)


def _suspend_address(subject: Subject, at: datetime) -> None:
    suspensions.suspend_address(subject["address"], because="", at=at)


def _end_moderator(subject: Subject, at: datetime) -> None:
    moderators.end_again(UUID(subject["account"]))


def _end_host(subject: Subject, at: datetime) -> None:
    hosts.end_again(UUID(subject["account"]))


_AGAIN: dict[str, Callable[[Subject, datetime], None]] = {
    Kind.BLOCKED: _block,
    Kind.REMOVED_FROM_CIRCLE: _take_out,
    Kind.FROM_NOW_ON: _hide_earlier_letters,
    Kind.FOLLOWER_REMOVED: _unfollow,
    Kind.SIGNED_OUT: _sign_out,
    Kind.INVITATION_REVOKED: _uninvite,
    Kind.DELEGATION_ENDED: _end_delegation,
    Kind.ACCOUNT_SUSPENDED: _suspend,
    Kind.ADDRESS_SUSPENDED: _suspend_address,
    Kind.MODERATOR_ENDED: _end_moderator,
    Kind.HOST_ENDED: _end_host,
}
