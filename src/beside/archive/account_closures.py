"""Closing an account for good: everything that ends with it, now and thirty days later.

Whatever concerns other people ends at once. What its owner has alone (letters, photographs, their drawer) is only
closed, and destroyed when the time is over; until then a mailed secret opens the account again.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from beside.access import account_closures as at_doors
from beside.archive.models import Export
from beside.family import account_closures as families
from beside.notices import notices
from beside.notices.models import Notice
from beside.people import account_closures as accounts
from beside.people.account_closures import NotClosed
from beside.people.models import Account, AccountClosure
from beside.photos import account_closures as photographs
from beside.photos import disk_full
from beside.photos.broken_rows import going_on
from beside.posts import account_closures as letters
from beside.posts.models import ShareLink
from beside.responses import account_closures as responses
from beside.thanks import account_closures as thanks


@disk_full.with_reserve
@transaction.atomic
def close(account: Account, *, at: datetime) -> tuple[str, list[ShareLink]]:
    """Close an account, to be destroyed in thirty days. The hosts are told that somebody has left.

    Returns the secret that opens it again until then, and the share links of others that only `account`'s
    approval held back; the caller mails both.
    """
    secret = accounts.new_secret()
    digest, due_at = accounts.digest_of(secret), accounts.due(account, at=at)
    freed = close_again(account, digest, due_at=due_at, at=at)
    for host in Account.objects.filter(is_host=True, is_active=True):
        notices.tell(host.pk, Notice.Kind.PLACE_CLOSED, at=at)
    return secret, freed


@disk_full.with_reserve
@transaction.atomic
def close_and_destroy(account: Account, *, at: datetime) -> list[ShareLink]:
    """Close an account and destroy it without waiting. Returns the share links that the caller mails."""
    _secret, freed = close(account, at=at)
    destroy(account, at=at)
    return freed


def close_again(
    account: Account, digest: bytes, *, due_at: datetime, at: datetime
) -> list[ShareLink]:
    """What `close` does, for a secret that was given away already; nobody is told."""
    freed = letters.leave_letters(account, at=at)
    at_doors.withdraw_requests(account, at=at)
    photographs.end_deposit_links(account, at=at)
    responses.end_responses(account)
    thanks.end_notes(account, at=at)
    families.leave_families(account, at=at)
    Export.objects.filter(Q(account=account) | Q(taken_by=account)).delete()
    accounts.close(account, digest, due_at=due_at, at=at)
    return freed


@disk_full.with_reserve
@transaction.atomic
def destroy(account: Account, *, at: datetime) -> None:
    """Destroy a closed account with all that is its owner's alone. Nothing brings it back.

    When this has committed, no row names it but the log that a restore replays, no key of its owner's exists,
    and no file that only they could open. Raises `NotClosed` if it was opened again in the meantime.
    """
    locked = Account.objects.select_for_update().filter(pk=account.pk).first()
    if locked is None or not AccountClosure.objects.filter(account=locked).exists():
        raise NotClosed
    letters.destroy_letters(locked)
    photographs.destroy_photographs(locked, at=at)
    at_doors.keep_admissions_as_they_are(locked)
    accounts.delete(locked, at=at)


def run_due(at: datetime) -> None:
    """Destroy each account whose thirty days are over. The worker calls this; after a crash the rest follows.

    One that fails is logged, and left for the next time.
    """
    for closure in list(accounts.due_at(at)):
        # It may have been opened again a moment ago.
        with going_on("an account that is to be destroyed could not be"), suppress(NotClosed):
            destroy(closure.account, at=at)
