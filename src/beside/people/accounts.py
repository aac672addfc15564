"""Accounts: making one, discarding one that was never used, and changing its profile."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from beside.index import texts
from beside.people import invitations, names, suspensions, time_zones
from beside.people.models import Account, DirectoryEntry, Invitation, Profile


class NoName(Exception):
    """An account needs a name."""

    def __init__(self) -> None:
        super().__init__(_("What may we call you? Any name will do."))


@transaction.atomic
def make_account(
    email: str, *, name: str, at: datetime, invitation: Invitation | None = None
) -> Account:
    """Make an account with its profile, and use up `invitation`.

    It has no password: one signs in by a code or a passkey. Even the first host's isn't one before its address is
    confirmed (`hosts.confirm`). Raises `NoName`, `names.UnfitName`,
    `suspensions.AddressSuspended`, and `invitations.InvitationNotOpen` if somebody else used it first; then nothing was made.
    """
    suspensions.require_address(email)
    account = Account.objects.create_user(email, joined_at=at)
    if invitation is not None:
        invitations.use(invitation, account, at=at)
    Profile.objects.create(account=account, name=_clean(name))
    return account


@transaction.atomic
def discard(account: Account) -> None:
    """Delete an account that nobody has ever signed in to, so that its invitation can be used again.

    For somebody who mistyped their address. Any other account is left alone.
    """
    if account.last_login is None:
        invitations.reopen(account)
        Account.objects.filter(pk=account.pk, last_login=None).delete()


@transaction.atomic
def describe(account: Account, *, name: str, words: str, time_zone: str | None = None) -> None:
    """Change what others may read of `account`, and its time zone: "" is the place's, and None changes nothing.

    Raises `NoName`, `names.UnfitName` and `UnknownTimeZone`.
    """
    if time_zone is not None:
        choose_time_zone(account, time_zone)
    name = _clean(name)
    Profile.objects.filter(account=account).update(name=name, words=words.strip())
    is_found = DirectoryEntry.objects.filter(account=account).exists()
    texts.put_name(account.pk, name, may_be_found=is_found)


def open_own_photographs(account: Account, *, unasked: bool) -> None:
    """Say whether the photographs of `account`'s own letters open with the page, or only when asked for."""
    Profile.objects.filter(account=account).update(opens_own_photographs=unasked)


def choose_time_zone(account: Account, name: str) -> None:
    """Count `account`'s days in this zone from now on, or in the place's if it is "". Raises `UnknownTimeZone`."""
    if name:
        time_zones.named(name)
    account.time_zone = name
    account.save(update_fields=["time_zone"])


def _clean(name: str) -> str:
    names.require_personal(name)
    cleaned = names.clean(name)
    if not cleaned:
        raise NoName
    return cleaned
