"""Invitations: a link with which one person can join, once, within thirty days (a card: 180), unless it is revoked.

The secret leaves this module once, returned by the function that made it. Only its SHA-256 is kept, so
neither the database nor a backup lets anybody in.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from beside.people import names, narrowings, suspensions, time_zones
from beside.people.models import Account, Invitation, InvitationQuerySet, Narrowing
from beside.people.printed_codes import PrintedCode

GOOD_FOR = timedelta(days=30)
SECRET_BYTES = 32
# A card lies in a ward until somebody needs it.
CARDS_GOOD_FOR = timedelta(days=180)
# 80 bits.
_CARD_CODE = PrintedCode(groups=4, signs=4)


class InvitationNotOpen(Exception):
    """The invitation was used, was revoked, has expired or never existed. Nobody is told which."""

    def __init__(self) -> None:
        super().__init__(
            _("This link has been stopped. The person who sent it can send you another.")
        )


class MayNotInvite(Exception):
    """Only the host may invite people here."""

    def __init__(self) -> None:
        super().__init__(_("Here, only the people who run this place can invite others."))


class HasHost(Exception):
    """There is a host already, so no link can make another."""

    def __init__(self) -> None:
        super().__init__(_("This place has a host already."))


def hosts() -> QuerySet[Account]:
    """The hosts whose accounts aren't closed."""
    return Account.objects.filter(is_host=True, is_active=True)


def may_invite(account: Account) -> bool:
    """Whether `account` may invite people: the host always, others if the host lets them."""
    return account.is_host or bool(settings.BESIDE.anyone_invites)


def make(by: Account, *, name: str, email: str = "", at: datetime) -> tuple[Invitation, str]:
    """Invite one person, whom the inviter calls `name`; returns the invitation and its secret.

    Raises `MayNotInvite`, and `suspensions.AddressSuspended`.
    """
    if not may_invite(by):
        raise MayNotInvite
    suspensions.require_address(email)
    return _make(by, name=names.clean(name), email=email, at=at)


@transaction.atomic
def make_cards(by: Account, *, count: int, at: datetime) -> list[tuple[Invitation, str]]:
    """Make `count` invitations to be printed, each with a secret that is short enough to type. Raises `MayNotInvite`."""
    if not by.is_host:
        raise MayNotInvite
    return [_make(by, name=_("A card"), email="", at=at, is_card=True) for _number in range(count)]


@transaction.atomic
def make_first_host_link(*, at: datetime) -> str:
    """Make the link with which the first person joins as the host; returns its secret.

    An earlier one stops working, and an account that was begun with it and never signed in to is deleted: its address
    may have been mistyped. Raises `HasHost`.
    """
    if hosts().exists():
        raise HasHost
    begun = Account.objects.filter(came_by_invitation__makes_host=True, last_login=None)
    for account in begun:
        reopen(account)
        account.delete()
    Invitation.objects.filter(makes_host=True).open_at(at).update(revoked_at=at)
    return _make(None, name="", email="", at=at, makes_host=True)[1]


def has_first_host_link(*, since: datetime) -> bool:
    """Whether a link for the first host was made after `since`, and can still be used or is being used."""
    made = Invitation.objects.filter(makes_host=True, revoked_at=None, made_at__gt=since)
    return made.exists()


def find_open(secret: str, *, at: datetime) -> Invitation:
    """The open invitation with this secret, which stays open. Raises `InvitationNotOpen`."""
    invitation = _open_at(at).filter(secret_digest=_digest(secret)).first()
    if invitation is None:
        raise InvitationNotOpen
    return invitation


def get_open(invitation_id: UUID, *, at: datetime) -> Invitation:
    """The open invitation with this id. Raises `InvitationNotOpen`."""
    invitation = _open_at(at).filter(pk=invitation_id).first()
    if invitation is None:
        raise InvitationNotOpen
    return invitation


def use(invitation: Invitation, account: Account, *, at: datetime) -> None:
    """Use up `invitation` for `account`. Call it in the transaction that makes the account.

    Of two people who use it at the same moment, one joins. Raises `InvitationNotOpen`.
    """
    if not _open_at(at).filter(pk=invitation.pk).exists():
        raise InvitationNotOpen
    # On PostgreSQL, a row that was waited for is only checked again if the UPDATE names no other table.
    still_open = Invitation.objects.open_at(at).filter(pk=invitation.pk)
    if not still_open.update(used_at=at, used_by=account):
        raise InvitationNotOpen


def reopen(account: Account) -> None:
    """Reopen the invitation of an account that is about to be discarded."""
    Invitation.objects.filter(used_by=account).update(used_at=None, used_by=None)


@transaction.atomic
def revoke(invitation_id: UUID, *, by: Account, at: datetime) -> None:
    """Revoke an invitation that `by` made. One that isn't open stays as it is."""
    mine = Invitation.objects.filter(pk=invitation_id, inviter=by).open_at(at)
    if mine.update(revoked_at=at):
        narrowings.record(Narrowing.Kind.INVITATION_REVOKED, at=at, invitation=invitation_id)


def open_of(inviter: Account, *, at: datetime) -> list[Invitation]:
    """`inviter`'s open invitations, newest first."""
    mine = Invitation.objects.filter(inviter=inviter).open_at(at)
    return list(mine.order_by("-made_at"))


def _make(
    inviter: Account | None,
    *,
    name: str,
    email: str,
    at: datetime,
    makes_host: bool = False,
    is_card: bool = False,
) -> tuple[Invitation, str]:
    secret = _CARD_CODE.new() if is_card else secrets.token_urlsafe(SECRET_BYTES)
    good_for = CARDS_GOOD_FOR if is_card else GOOD_FOR
    invitation = Invitation.objects.create(
        inviter=inviter,
        makes_host=makes_host,
        name=name,
        email=email,
        secret_digest=_digest(secret),
        made_at=at,
        expires_at=time_zones.later(inviter, at, good_for) if inviter else at + good_for,
    )
    return invitation, secret


def _open_at(at: datetime) -> InvitationQuerySet:
    """An invitation ends with the account of the person who made it, and opens nothing while that is suspended."""
    by_somebody_here = Q(inviter__is_active=True, inviter__suspended_at=None)
    return Invitation.objects.open_at(at).filter(Q(inviter=None) | by_somebody_here)


def _digest(secret: str) -> bytes:
    """The digest of a secret. That of a card is the same however it was typed."""
    return hashlib.sha256((_CARD_CODE.as_printed(secret) or secret).encode()).digest()
