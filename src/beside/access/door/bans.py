"""Autosave somebody out of one's doors, beforehand or afterwards. They are never told, and can't tell.

What they ask there is declined in silence. It hides nothing else of one from them: that is what a block does.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from beside.access.door import admissions
from beside.access.models import Admission, Ban
from beside.access.profiles import people_to_choose_from
from beside.people import blocks, narrowings
from beside.people.models import Account, Narrowing
from beside.photos import reserve
from beside.posts.authorship import written_by


@reserve.used_if_full
@transaction.atomic
def ban(keeper: Account, account: Account, *, at: datetime) -> None:
    """Let `account` in at no door of `keeper`'s, and end where they were. Twice is once, and oneself never."""
    if account.pk == keeper.pk:
        return
    blocks.lock(keeper.pk, account.pk)
    _row, is_new = Ban.objects.get_or_create(keeper=keeper, account=account, defaults={"since": at})
    if is_new:
        narrowings.record(Narrowing.Kind.KEPT_OUT, at=at, keeper=keeper.pk, account=account.pk)
    admissions.end_all(account.pk, of=keeper, at=at)


@reserve.used_if_full
@transaction.atomic
def ban_address(keeper: Account, address: str, *, at: datetime) -> None:
    """The same for whoever has this mail address here, now or later. It doesn't tell whether anybody has."""
    address = address.strip().lower()
    theirs = list(
        Account.objects.filter(email__iexact=address)
        .exclude(pk=keeper.pk)
        .values_list("pk", flat=True)
    )
    blocks.lock(keeper.pk, *theirs)
    _row, is_new = Ban.objects.get_or_create(
        keeper=keeper, account=None, address=address, defaults={"since": at}
    )
    if is_new:
        narrowings.record(Narrowing.Kind.KEPT_OUT, at=at, keeper=keeper.pk, address=address)
    for account_id in theirs:
        admissions.end_all(account_id, of=keeper, at=at)


@transaction.atomic
def let_go(keeper: Account, ban_id: UUID) -> None:
    """Keep them out no longer. It lets nobody in: what was ended or declined stays so."""
    for row in Ban.objects.filter(keeper=keeper, pk=ban_id):
        # A restore replays the log, and an address that nobody is kept out by is kept nowhere.
        log = Narrowing.objects.filter(kind=Narrowing.Kind.KEPT_OUT, subject__keeper=str(keeper.pk))
        if row.address:
            log.filter(subject__address=row.address).delete()
        else:
            log.filter(subject__account=str(row.account_id)).delete()
        row.delete()


def people_to_ban(keeper: Account, *, at: datetime) -> QuerySet[Account]:
    """Whom `keeper` may name: those they may name elsewhere, who wait at a door of theirs, or were let in.

    Whoever was answered by silence from the start is not among them: `keeper` never heard of it.
    """
    theirs = written_by(keeper)
    waiting = admissions.waiting_at(theirs, at=at).values("asker")
    let_in = Admission.objects.filter(post__in=theirs).values("account")
    near = people_to_choose_from(keeper.pk).values("pk")
    named = Q(pk__in=near) | Q(pk__in=waiting) | Q(pk__in=let_in)
    return Account.objects.filter(named, is_active=True).exclude(pk=keeper.pk)


def kept_out_by(keeper: Account) -> QuerySet[Ban]:
    """Whom `keeper` keeps out: people first, by name, then addresses."""
    mine = Ban.objects.filter(keeper=keeper).select_related("account__profile")
    return mine.order_by("address", "account__profile__name", "pk")
