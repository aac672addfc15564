"""Suspensions of accounts and mail addresses: what moderators close, and can open again. Nothing is deleted.

On screens a suspended account is a place that the people who look after Beside have closed. Its owner can sign in, read
why, take their archive, appeal, and close the account; the access rule shows nothing of theirs to others, and nothing of
others to them.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from beside.people import narrowings
from beside.people.models import Account, AddressSuspension, Narrowing

Kind = Narrowing.Kind


class HostCannotBeSuspended(Exception):
    """Moderators are named by the host, and can't suspend one."""

    def __init__(self) -> None:
        super().__init__(_("The host’s place can’t be closed from here."))


class AddressSuspended(Exception):
    """The mail address is suspended. Nobody is told why."""

    def __init__(self) -> None:
        super().__init__(_("This address can’t be used here."))


@transaction.atomic
def suspend(account_id: UUID, *, because: str, at: datetime) -> None:
    """Suspend an account from the next request on; suspending it twice keeps the first time.

    Raises `HostCannotBeSuspended`, and `Account.DoesNotExist`.
    """
    account = Account.objects.select_for_update().get(pk=account_id)
    if account.is_host:
        raise HostCannotBeSuspended
    if account.suspended_at is None:
        suspended = {"suspended_at": at, "suspended_because": because.strip()}
        Account.objects.filter(pk=account.pk).update(**suspended)
        narrowings.record(Kind.ACCOUNT_SUSPENDED, at=at, account=account.pk)


@transaction.atomic
def lift(account_id: UUID) -> None:
    """End the suspension of an account, and forget that there was one, so that no restore repeats it."""
    account = Account.objects.select_for_update().filter(pk=account_id)
    for one in account:
        account.update(suspended_at=None, suspended_because="")
        logged = Narrowing.objects.filter(kind=Kind.ACCOUNT_SUSPENDED)
        logged.filter(subject__account=str(one.pk)).delete()


@transaction.atomic
def suspend_address(address: str, *, because: str, at: datetime) -> None:
    """Suspend a mail address, whether or not it has an account; doing it twice keeps the first time."""
    fields = {"because": because.strip(), "suspended_at": at}
    _one, is_new = AddressSuspension.objects.get_or_create(address=address.lower(), defaults=fields)
    if is_new:
        narrowings.record(Kind.ADDRESS_SUSPENDED, at=at, address=address.lower())


@transaction.atomic
def lift_address(address: str) -> None:
    """End the suspension of a mail address, and forget that there was one."""
    AddressSuspension.objects.filter(address=address.lower()).delete()
    logged = Narrowing.objects.filter(kind=Kind.ADDRESS_SUSPENDED)
    logged.filter(subject__address=address.lower()).delete()


def suspended() -> QuerySet[Account]:
    """Every suspended account that isn't closed, newest suspension first, with its profile."""
    found = Account.objects.filter(suspended_at__isnull=False, is_active=True)
    return found.select_related("profile").order_by("-suspended_at", "pk")


def suspended_addresses() -> QuerySet[AddressSuspension]:
    """Every suspended mail address, newest suspension first."""
    return AddressSuspension.objects.order_by("-suspended_at", "address")


def require_address(address: str) -> None:
    """Raise `AddressSuspended` if nobody may be invited or join with `address`."""
    if AddressSuspension.objects.filter(address=address.lower()).exists():
        raise AddressSuspended
