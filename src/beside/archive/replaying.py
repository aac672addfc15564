"""Replaying, on a restored database, which accounts were closed or destroyed since the backup."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from beside.archive import account_closures
from beside.people import account_closures as accounts
from beside.people.models import Account, AccountClosure, Narrowing

Subject = Mapping[str, str]


@transaction.atomic
def replay(kind: str, subject: Subject, *, at: datetime) -> None:
    """Close or destroy one account again. One that isn't here, or another kind of narrowing, does nothing."""
    if kind not in (Narrowing.Kind.ACCOUNT_CLOSED, Narrowing.Kind.ACCOUNT_DESTROYED):
        return
    account = Account.objects.filter(pk=UUID(subject["account"])).first()
    if account is None:
        return
    if kind == Narrowing.Kind.ACCOUNT_CLOSED:
        digest, due_at = bytes.fromhex(subject["secret_digest"]), subject["due_at"]
        due = datetime.fromisoformat(due_at)
        account_closures.close_again(account, digest, due_at=due, at=at)
    else:
        account_closures.destroy(account, at=at)


@transaction.atomic
def reopen_returned(still_closed: Collection[UUID]) -> None:
    """Open the accounts again whose owners have come back since the backup: all but `still_closed`.

    Otherwise the worker would destroy them when the time is over that they had been given.
    """
    for closure in AccountClosure.objects.exclude(account__in=still_closed):
        accounts.reopen(closure)
