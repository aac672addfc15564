"""Changes of address, password and passkeys, and sign-ins on new devices: told, and undone where they were not theirs.

Somebody who takes an account over changes what opens it. So each change is told to the address that the
account had before, and to every address it lost within the last fourteen days, with a secret link.
Undoing a change also undoes everything after it, and signs everybody out.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from beside.notices import notices
from beside.notices.models import Notice
from beside.people import organisation_links, sessions
from beside.people.models import Account
from beside.people.sign_in_models import AccountChange, UndoLink

Kind = AccountChange.Kind
UNDO_WITHIN = timedelta(days=14)
SECRET_BYTES = 32
# The shortest time by which two can differ in the database.
_MOMENT = timedelta.resolution


class NothingToUndo(Exception):
    """The change was undone already, is too old, or never was. Nobody is told which."""

    def __init__(self) -> None:
        super().__init__(
            _("This link can’t undo anything any more. It works once, and for fourteen days.")
        )


class AddressTaken(Exception):
    """The old address has become another account's, so it can't be given back."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Nothing was undone, because another account has your old address now."
                " Please write to the people who run this place."
            )
        )


@dataclass(frozen=True)
class Told:
    """Somebody to tell of a change: the address, and the secret of the link that undoes it."""

    address: str
    secret: str


@transaction.atomic
def record(
    account: Account,
    kind: AccountChange.Kind,
    *,
    at: datetime,
    old_address: str = "",
    passkey: int | None = None,
    removed: Authenticator | None = None,
) -> tuple[AccountChange, list[Told]]:
    """Record a change in the transaction that makes it, and tell `account` under News.

    Returns the change, and who is to get a mail about it. `old_address` is given for a change of address.
    Each is later than the one before it, whatever the clock of the machine says that made that one.
    """
    change = AccountChange.objects.create(
        account=account,
        kind=kind,
        at=_after_the_last(account, at),
        old_address=old_address or account.email,
        passkey=passkey,
        removed_passkey=_kept_of(removed),
    )
    notices.tell(account.pk, _NOTICES[kind], about=change.pk, at=at)
    lost = _open(at).filter(account=account, kind=Kind.ADDRESS).exclude(pk=change.pk)
    undone_by = {one.old_address: one for one in lost.order_by("-at")} | {
        change.old_address: change
    }
    return change, [Told(address, _new_secret(one)) for address, one in undone_by.items()]


def find(secret: str, *, at: datetime) -> AccountChange:
    """The change that `secret` undoes. Raises `NothingToUndo`."""
    return _only(_open(at).filter(undo_links__secret_digest=_digest(secret)))


def own(account: Account, change_id: UUID, *, at: datetime) -> AccountChange:
    """A change of `account`'s that can still be undone. Raises `NothingToUndo`."""
    return _only(_open(at).filter(account=account, pk=change_id))


def undone_with(change: AccountChange) -> list[AccountChange]:
    """What undoing `change` undoes: itself and everything after it, newest first."""
    later = AccountChange.objects.filter(account=change.account_id, at__gte=change.at)
    return list(later.filter(undone_at=None).order_by("-at", "-pk"))


@transaction.atomic
def undo(change: AccountChange, *, at: datetime) -> str:
    """Undo `change` and everything after it, end every session, and forget every known device.

    Returns the address that was replaced by an older one, or "". Raises `NothingToUndo` and
    `AddressTaken`, and then nothing has changed.
    """
    account = Account.objects.select_for_update().get(pk=change.account_id)
    if not _open(at).filter(pk=change.pk).exists():
        raise NothingToUndo
    replaced = account.email
    undone = undone_with(change)
    _restore_address(account, [one for one in undone if one.kind == Kind.ADDRESS])
    if any(one.kind == Kind.PASSWORD for one in undone):
        account.set_unusable_password()
        account.save(update_fields=["password"])
    _restore_passkeys(account, change, undone)
    # Whoever had the account may have connected it with a provider of theirs.
    organisation_links.end(account)
    AccountChange.objects.filter(pk__in=[one.pk for one in undone]).update(undone_at=at)
    for one in undone:
        notices.untell(account.pk, _NOTICES[Kind(one.kind)], about=one.pk)
    sessions.end_everywhere(account, at=at)
    return "" if replaced == account.email else replaced


def forget_links(account: Account) -> None:
    """Delete every link that undoes a change of `account`'s: whoever reads what came to its old address could use one."""
    UndoLink.objects.filter(change__account=account).delete()


def purge(*, at: datetime) -> None:
    """Delete changes that can't be undone any more, and with them the addresses that they name."""
    AccountChange.objects.filter(at__lte=at - UNDO_WITHIN).delete()


def _after_the_last(account: Account, at: datetime) -> datetime:
    """`at`, or just after the account's last change. No other is recorded until the commit."""
    # Rows that name the account may be written meanwhile: only changes wait for each other.
    list(Account.objects.select_for_update(no_key=True).filter(pk=account.pk).values_list("pk"))
    last = AccountChange.objects.filter(account=account).aggregate(last=Max("at"))["last"]
    return at if last is None else max(at, last + _MOMENT)


def _open(at: datetime) -> QuerySet[AccountChange]:
    open_now = AccountChange.objects.filter(undone_at=None, at__gt=at - UNDO_WITHIN)
    return open_now.filter(account__is_active=True)


def _only(some: QuerySet[AccountChange]) -> AccountChange:
    found = some.select_related("account").first()
    if found is None:
        raise NothingToUndo
    return found


def _restore_address(account: Account, changes: list[AccountChange]) -> None:
    """Give back the address from before the first of `changes`, which are newest first.

    Those in between are ignored: the person who took the account may have given one to another account.
    """
    if not changes:
        return
    address = changes[-1].old_address
    if is_taken(address, by_other_than=account):
        raise AddressTaken
    give_address(account, address)


def is_taken(address: str, *, by_other_than: Account) -> bool:
    """Whether another account has this address, confirmed or not."""
    taken = EmailAddress.objects.filter(email__iexact=address).exclude(user=by_other_than)
    others = Account.objects.filter(email__iexact=address).exclude(pk=by_other_than.pk)
    return taken.exists() or others.exists()


def give_address(account: Account, address: str) -> None:
    """Make `address` the only one of `account`, and a confirmed one."""
    account.email = address
    account.save(update_fields=["email"])
    organisation_links.end(account)
    EmailAddress.objects.filter(user=account).delete()
    EmailAddress.objects.create(user=account, email=address, verified=True, primary=True)


def _restore_passkeys(account: Account, change: AccountChange, undone: list[AccountChange]) -> None:
    """Remove the passkeys that were added. A removed one comes back only where its removal is what is undone:

    its owner may have removed it after the device was stolen.
    """
    added = [one.passkey for one in undone if one.kind == Kind.PASSKEY_ADDED]
    Authenticator.objects.filter(user=account, pk__in=added).delete()
    if change.kind == Kind.PASSKEY_REMOVED:
        Authenticator.objects.create(
            user=account, type=Authenticator.Type.WEBAUTHN, data=change.removed_passkey
        )


_NOTICES = {
    Kind.ADDRESS: Notice.Kind.ADDRESS_CHANGED,
    Kind.PASSWORD: Notice.Kind.PASSWORD_CHANGED,
    Kind.PASSKEY_ADDED: Notice.Kind.PASSKEY_ADDED,
    Kind.PASSKEY_REMOVED: Notice.Kind.PASSKEY_REMOVED,
    Kind.SIGNED_IN: Notice.Kind.SIGNED_IN,
}


def _kept_of(passkey: Authenticator | None) -> dict[str, Any] | None:
    return passkey.data if passkey else None


def _new_secret(change: AccountChange) -> str:
    secret = secrets.token_urlsafe(SECRET_BYTES)
    UndoLink.objects.create(change=change, secret_digest=_digest(secret))
    return secret


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
