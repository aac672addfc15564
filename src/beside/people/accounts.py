"""Making an account, giving one up before it was ever entered, and what a person says of themselves."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from beside.people import invitations, time_zones
from beside.people.models import Account, Invitation, Profile


class NoName(Exception):
    """Everybody is called something here."""

    def __init__(self) -> None:
        super().__init__(_("What may we call you? Any name will do."))


@transaction.atomic
def make_account(
    email: str, *, name: str, at: datetime, invitation: Invitation | None = None
) -> Account:
    """Make an account with its profile, and use `invitation` up for it.

    It has no password: a code or a passkey opens it. Raises `NoName`, and
    `invitations.InvitationNotOpen` if somebody else was quicker; then nothing was made.
    """
    account = Account.objects.create_user(
        email, joined_at=at, is_host=bool(invitation and invitation.makes_host)
    )
    if invitation is not None:
        invitations.use(invitation, account, at=at)
    Profile.objects.create(account=account, name=_clean(name))
    return account


@transaction.atomic
def give_up(account: Account) -> None:
    """Undo an account that nobody ever entered, so that its invitation can be used again.

    For someone whose address had a slip in it. Anything else is left alone.
    """
    if account.last_login is None:
        invitations.reopen(account)
        Account.objects.filter(pk=account.pk, last_login=None).delete()


@transaction.atomic
def describe(
    account: Account, *, name: str, words: str, findable: bool, time_zone: str | None = None
) -> None:
    """Change what others may read of `account`, and its time zone, where "" is the place's and None changes nothing.

    Raises `NoName` and `UnknownTimeZone`.
    """
    if time_zone is not None:
        choose_time_zone(account, time_zone)
    Profile.objects.filter(account=account).update(
        name=_clean(name), words=words.strip(), findable=findable
    )


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
    cleaned = " ".join(name.split())
    if not cleaned:
        raise NoName
    return cleaned
