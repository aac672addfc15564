"""Moderators: the hosts, and whoever a host has named and who has accepted. Either ends it at any time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from beside.notices import notices
from beside.notices.models import Notice
from beside.people import narrowings
from beside.people.models import Account, Moderator, Narrowing


class NotAModerator(Exception):
    """They aren't a moderator, or not a host where it takes one. Pages answer 404."""


def is_moderator(account: Account) -> bool:
    """Whether `account` is a moderator now."""
    return everybody().filter(pk=account.pk).exists()


def require(account: Account) -> None:
    """Return only if `account` is a moderator, and keep it one until the transaction ends. Raises `NotAModerator`."""
    # Evaluated for its lock: whoever ends it waits.
    list(Moderator.objects.select_for_update().filter(account=account))
    if not is_moderator(account):
        raise NotAModerator


def everybody() -> QuerySet[Account]:
    """Everybody who is a moderator now."""
    return Account.objects.filter(is_one(), is_active=True, suspended_at=None)


def is_one(*, through: str = "") -> Q:
    """The condition that an account is a host's or has accepted; `through` is the lookup to it, as `"moderator__"`."""
    is_host = Q(**{f"{through}is_host": True})
    return is_host | Q(**{f"{through}moderator__accepted_at__isnull": False})


def named() -> QuerySet[Moderator]:
    """Those whom hosts have named, whether or not they have answered, with their profiles."""
    active = Moderator.objects.filter(account__is_active=True)
    return active.select_related("account__profile").order_by("named_at", "pk")


@transaction.atomic
def name(account: Account, *, by: Account, at: datetime) -> None:
    """Ask `account` to be a moderator. Asking again, or asking a host, does nothing. Raises `NotAModerator`."""
    _require_host(by)
    if account.is_host:
        return
    defaults = {"named_by": by, "named_at": at}
    _row, is_new = Moderator.objects.get_or_create(account=account, defaults=defaults)
    if is_new:
        notices.tell(account.pk, Notice.Kind.MODERATOR_NAMED, at=at)


@transaction.atomic
def accept(account: Account, *, at: datetime) -> None:
    """Become a moderator as a host has asked. Accepting twice is harmless. Raises `NotAModerator`."""
    asked = Moderator.objects.select_for_update().filter(account=account)
    if not asked.exists():
        raise NotAModerator
    asked.filter(accepted_at=None).update(accepted_at=at)
    _untell(account.pk, Notice.Kind.MODERATOR_NAMED)


@transaction.atomic
def end(account_id: UUID, *, by: Account, at: datetime) -> None:
    """End somebody's being a moderator, or the question: as they themselves or a host may. Raises `NotAModerator`."""
    if by.pk != account_id:
        _require_host(by)
    end_again(account_id)
    narrowings.record(Narrowing.Kind.MODERATOR_ENDED, at=at, account=account_id)


def end_again(account_id: UUID) -> None:
    """End it again after a restore."""
    Moderator.objects.filter(account=account_id).delete()
    told = (Notice.Kind.MODERATOR_NAMED, Notice.Kind.REPORTED, Notice.Kind.NOTE_TO_HAND_OVER)
    _untell(account_id, *told)


def _untell(account_id: UUID, *kinds: Notice.Kind) -> None:
    Notice.objects.filter(recipient_id=account_id, kind__in=kinds).delete()


def _require_host(account: Account) -> None:
    if not account.is_host:
        raise NotAModerator
