"""Closing an account: what ends at once, and the way back until it is destroyed.

This module ends what an account has with other people, and signs it out. Letters, photographs and doors are
ended by `archive.account_closures`, which every caller uses.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from beside.index import texts
from beside.notices.models import Notice, OutgoingMail, PushSubscription
from beside.people import (
    circles,
    delegations,
    invitations,
    moderators,
    narrowings,
    sessions,
    time_zones,
)
from beside.people.models import (
    Account,
    AccountClosure,
    Delegation,
    DirectoryEntry,
    Follow,
    Invitation,
    Moderator,
    Narrowing,
)

# People decide at night and think differently in the morning.
DAYS_TO_THINK = timedelta(days=30)
SECRET_BYTES = 32


class NotClosed(Exception):
    """The secret opens nothing: the account was opened again, or destroyed, or there never was one."""

    def __init__(self) -> None:
        super().__init__(
            _("This link doesn’t open anything any more. It works once, and for thirty days.")
        )


def due(account: Account, *, at: datetime) -> datetime:
    """When an account that is closed at `at` would be destroyed."""
    return time_zones.later(account, at, DAYS_TO_THINK)


def new_secret() -> str:
    """A secret for the mail that opens a closed account again."""
    return secrets.token_urlsafe(SECRET_BYTES)


def digest_of(secret: str) -> bytes:
    """The SHA-256 digest of a secret, which is all that is stored of it."""
    return hashlib.sha256(secret.encode()).digest()


@transaction.atomic
def close(account: Account, digest: bytes, *, due_at: datetime, at: datetime) -> None:
    """Close an account: it can't be signed in to, and is destroyed at `due_at`. The last secret counts.

    Its circles, follows, delegations, invitations and notices end at once and for good, and so do mails and pushes,
    and nobody finds it any more: what it said about that is deleted.
    """
    locked = Account.objects.select_for_update().get(pk=account.pk)
    AccountClosure.objects.update_or_create(
        account=locked, defaults={"secret_digest": digest, "closed_at": at, "due_at": due_at}
    )
    _end_circles(locked, at=at)
    _end_delegations(locked, at=at)
    if Moderator.objects.filter(account=locked).exists():
        moderators.end(locked.pk, by=locked, at=at)
    Follow.objects.filter(Q(follower=locked) | Q(followed=locked)).delete()
    DirectoryEntry.objects.filter(account=locked).delete()
    for invitation in Invitation.objects.filter(inviter=locked).open_at(at):
        invitations.revoke(invitation.pk, by=locked, at=at)
    Notice.objects.filter(Q(recipient_id=locked.pk) | Q(about=locked.pk)).delete()
    OutgoingMail.objects.filter(account=locked).delete()
    PushSubscription.objects.filter(account=locked).delete()
    Account.objects.filter(pk=locked.pk).update(is_active=False)
    texts.put_name(locked.pk, "", may_be_found=False)
    sessions.end_everywhere(locked, at=at)
    narrowings.record(
        Narrowing.Kind.ACCOUNT_CLOSED,
        at=at,
        account=locked.pk,
        secret_digest=digest.hex(),
        due_at=due_at.isoformat(),
    )


def find(secret: str) -> AccountClosure:
    """The closure that `secret` undoes, with its account. Raises `NotClosed`."""
    found = AccountClosure.objects.filter(secret_digest=digest_of(secret))
    if closure := found.select_related("account").first():
        return closure
    raise NotClosed


@transaction.atomic
def reopen(closure: AccountClosure) -> None:
    """Let the account be signed in to again. What ended when it was closed stays ended. Raises `NotClosed`."""
    account = Account.objects.select_for_update().filter(pk=closure.account_id).first()
    gone, _by_model = AccountClosure.objects.filter(account=account).delete()
    if account is None or not gone:
        raise NotClosed
    Account.objects.filter(pk=account.pk).update(is_active=True)
    left = Narrowing.objects.filter(kind=Narrowing.Kind.ACCOUNT_CLOSED)
    left.filter(subject__account=str(account.pk)).delete()


def due_at(at: datetime) -> QuerySet[AccountClosure]:
    """The closed accounts whose time is over at `at`, the longest over first."""
    over = AccountClosure.objects.filter(due_at__lte=at)
    return over.select_related("account").order_by("due_at", "pk")


@transaction.atomic
def delete(account: Account, *, at: datetime) -> None:
    """Delete the account and every row that hangs on it. Its letters and photographs must be gone already."""
    narrowings.record(Narrowing.Kind.ACCOUNT_DESTROYED, at=at, account=account.pk)
    Invitation.objects.filter(used_by=account).delete()
    Notice.objects.filter(about=account.pk).delete()
    account.delete()


def _end_circles(account: Account, *, at: datetime) -> None:
    for circle in circles.of(account):
        circles.remove(circle, at=at)
    for membership in account.memberships.select_related("circle"):
        circles.remove_member(membership.circle, account.pk, at=at)


def _end_delegations(account: Account, *, at: datetime) -> None:
    both = Q(author=account) | Q(delegate=account)
    for held in Delegation.objects.filter(both, ended_at=None).values_list("pk", flat=True):
        delegations.end(held, by=account, at=at)
