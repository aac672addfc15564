"""Links between accounts and people at the organisation's own identity provider: a way to sign in, and nothing else.

Nothing that the provider says of somebody is kept: only a digest of the provider and of the number that the person has there.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from beside.people import narrowings
from beside.people.models import Account, Narrowing

PROVIDER = "organisation"


class LinkedWithAnother(Exception):
    """The person there is linked with another account here."""

    def __init__(self) -> None:
        super().__init__(_("That sign-in belongs to another account here."))


class LinkedAlready(Exception):
    """The account is linked with somebody else there."""

    def __init__(self) -> None:
        super().__init__(_("Your account is connected already. End that first."))


def digest_of(issuer: str, subject: str) -> str:
    """What is kept of a person at a provider."""
    return sha256(f"{issuer}\n{subject}".encode()).hexdigest()


def account_of(digest: str) -> Account | None:
    """Whom that person signs in as."""
    return Account.objects.filter(
        socialaccount__provider=PROVIDER, socialaccount__uid=digest
    ).first()


def link_of(account: Account) -> SocialAccount | None:
    """The link of an account, if it has one."""
    return SocialAccount.objects.filter(user=account, provider=PROVIDER).first()


@transaction.atomic
def link(account: Account, digest: str) -> None:
    """Let that person sign in as `account`. Raises `LinkedWithAnother` and `LinkedAlready`."""
    locked = Account.objects.select_for_update().get(pk=account.pk)
    linked = account_of(digest)
    if linked is not None and linked != locked:
        raise LinkedWithAnother
    if linked is None and link_of(locked) is not None:
        raise LinkedAlready
    try:
        with transaction.atomic():
            SocialAccount.objects.get_or_create(user=locked, provider=PROVIDER, uid=digest)
    except IntegrityError:  # another account was a moment quicker
        raise LinkedWithAnother from None


@transaction.atomic
def disconnect(account: Account, *, at: datetime) -> None:
    """End the link at its owner's wish. A restore ends it again, whatever else was signed in."""
    end(account)
    narrowings.record(Narrowing.Kind.SIGNED_OUT, at=at, account=account.pk)


def end(account: Account) -> None:
    """Let nobody there sign in as `account` any more."""
    SocialAccount.objects.filter(user=account, provider=PROVIDER).delete()
