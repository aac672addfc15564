"""Hosts: the first, who comes in by a link that is printed, and what is done about them from the terminal.

Somebody is the host once they have confirmed their address in the browser that opened the link. Whatever is done from
the terminal is kept in a log (`HostAct`), and what narrows is replayed after a restore.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from beside.people import account_changes, invitations, narrowings, sessions, suspensions
from beside.people.account_changes import Told
from beside.people.models import Account, HostAct, Invitation, Narrowing
from beside.people.sign_in_models import AccountChange

Kind = HostAct.Kind


class NotAHost(Exception):
    """Only hosts are looked after from the terminal."""

    def __init__(self, address: str) -> None:
        super().__init__(f"No host here has the address {address}. beside host list shows them.")


class NoSuchPerson(Exception):
    """Nobody who could be the host has this address."""

    def __init__(self, address: str) -> None:
        super().__init__(
            f"Nobody with the address {address} has signed in here, or their place is closed."
            " beside invite makes room for somebody."
        )


class AddressInUse(Exception):
    """An address belongs to one account."""

    def __init__(self, address: str) -> None:
        super().__init__(f"{address} is another account's address already. Nothing was changed.")


def everybody() -> QuerySet[Account]:
    """The hosts, those who came first before the others, with their profiles."""
    return invitations.hosts().select_related("profile").order_by("joined_at", "pk")


def acts() -> QuerySet[HostAct]:
    """What was done from the terminal, the newest first."""
    return HostAct.objects.order_by("-at", "-pk")


@transaction.atomic
def confirm(account: Account, *, opened: str | None, at: datetime) -> None:
    """Make `account` the host, if it has just signed in for the first time and joined by the first host's link.

    `opened` is the id of the invitation that the same browser has opened: whoever asks for a code to a mistyped address
    hasn't opened it. Anybody else is left alone, and so is everybody once there is a host.
    """
    joined = _joined_as_host(account).filter(pk=opened) if opened else None
    if joined is None or not joined.exists() or invitations.hosts().exists():
        return
    Account.objects.filter(pk=account.pk).update(is_host=True)
    account.is_host = True
    Invitation.objects.filter(makes_host=True).open_at(at).update(revoked_at=at)


def is_begun_elsewhere(account: Account, *, opened: str | None) -> bool:
    """Whether `account` was begun with the first host's link in another browser, and nobody has signed in to it yet."""
    if account.last_login is not None or account.is_host:
        return False
    joined = _joined_as_host(account).values_list("pk", flat=True).first()
    return joined is not None and str(joined) != opened


@transaction.atomic
def replace(old: Account, new: Account, *, at: datetime) -> None:
    """Make `new` a host in the place of `old`, who keeps an account like anybody else's."""
    _end(old, at=at)
    Account.objects.filter(pk=new.pk).update(is_host=True)
    _log(Kind.REPLACED, old, at=at, other=new.pk)


@transaction.atomic
def sign_out(host: Account, *, at: datetime) -> None:
    """End every session of `host`, on every device."""
    sessions.end_everywhere(host, at=at)
    _log(Kind.SIGNED_OUT, host, at=at)


@transaction.atomic
def disable(host: Account, *, because: str, at: datetime) -> None:
    """End that `host` is one, sign them out, and suspend their account. Where nobody else is a host, a link makes one."""
    _end(host, at=at)
    sessions.end_everywhere(host, at=at)
    suspensions.suspend(host.pk, because=because, at=at)
    _log(Kind.DISABLED, host, at=at)


@transaction.atomic
def change_address(
    host: Account, address: str, *, is_lost: bool, at: datetime
) -> tuple[AccountChange, list[Told]]:
    """Give `host` another address, and end every session. Returns the change, and who is to be told of it and can undo it.

    Where the old address `is_lost`, nobody is, and no link that was sent there undoes anything any more.
    Raises `AddressInUse`, and `suspensions.AddressSuspended`.
    """
    suspensions.require_address(address)
    old = host.email
    if account_changes.is_taken(address, by_other_than=host):
        raise AddressInUse(address)
    account_changes.give_address(host, address.lower())
    kind = AccountChange.Kind.ADDRESS
    change, told = account_changes.record(host, kind, at=at, old_address=old)
    if is_lost:
        account_changes.forget_links(host)
    sessions.end_everywhere(host, at=at)
    _log(Kind.ADDRESS_CHANGED, host, at=at)
    return change, [] if is_lost else told


def with_address(address: str) -> Account:
    """The host with this address. Raises `NotAHost`."""
    found = everybody().filter(email__iexact=address).first()
    if found is None:
        raise NotAHost(address)
    return found


def who_could_be(address: str) -> Account:
    """The person with this address, if they could be a host: they have signed in, and nothing closes their place.

    Raises `NoSuchPerson`.
    """
    here = Account.objects.filter(is_active=True, suspended_at=None, last_login__isnull=False)
    found = here.filter(email__iexact=address).first()
    if found is None:
        raise NoSuchPerson(address)
    return found


def end_again(account_id: UUID) -> None:
    """End again after a restore that somebody is a host."""
    Account.objects.filter(pk=account_id).update(is_host=False)


def _end(host: Account, *, at: datetime) -> None:
    end_again(host.pk)
    narrowings.record(Narrowing.Kind.HOST_ENDED, at=at, account=host.pk)


def _joined_as_host(account: Account) -> QuerySet[Invitation]:
    return Invitation.objects.filter(used_by=account, makes_host=True, revoked_at=None)


def _log(kind: HostAct.Kind, account: Account, *, at: datetime, other: UUID | None = None) -> None:
    HostAct.objects.create(kind=kind, account=account.pk, other=other, at=at)
