"""Banning somebody from an author's doors, in advance or afterwards. They are never told, and can't find out.

Whatever they ask there is declined silently. A ban hides nothing else from them; a block does that.
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
from beside.photos import disk_full
from beside.posts.authorship import written_by


@disk_full.with_reserve
@transaction.atomic
def ban(author: Account, account: Account, *, at: datetime) -> None:
    """Ban `account` from all of `author`'s doors, and end the admissions they have.

    Banning somebody twice changes nothing, and neither does banning oneself.
    """
    if account.pk == author.pk:
        return
    blocks.lock(author.pk, account.pk)
    _row, is_new = Ban.objects.get_or_create(author=author, account=account, defaults={"since": at})
    if is_new:
        narrowings.record(Narrowing.Kind.BANNED, at=at, author=author.pk, account=account.pk)
    admissions.end_all(account.pk, of=author, at=at)


@disk_full.with_reserve
@transaction.atomic
def ban_address(author: Account, address: str, *, at: datetime) -> None:
    """Ban any account with this mail address, now or later. Nothing reveals whether there is one."""
    address = address.strip().lower()
    with_address = Account.objects.filter(email__iexact=address).exclude(pk=author.pk)
    accounts = list(with_address.values_list("pk", flat=True))
    blocks.lock(author.pk, *accounts)
    _row, is_new = Ban.objects.get_or_create(
        author=author, account=None, address=address, defaults={"since": at}
    )
    if is_new:
        narrowings.record(Narrowing.Kind.BANNED, at=at, author=author.pk, address=address)
    for account_id in accounts:
        admissions.end_all(account_id, of=author, at=at)


@transaction.atomic
def lift(author: Account, ban_id: UUID) -> None:
    """Lift a ban. It lets nobody in: what it ended or declined stays ended or declined."""
    for row in Ban.objects.filter(author=author, pk=ban_id):
        # A restore replays this log, and the address of somebody who isn't banned must not be kept.
        log = Narrowing.objects.filter(kind=Narrowing.Kind.BANNED, subject__author=str(author.pk))
        if row.address:
            log.filter(subject__address=row.address).delete()
        else:
            log.filter(subject__account=str(row.account_id)).delete()
        row.delete()


def people_to_ban(author: Account, *, at: datetime) -> QuerySet[Account]:
    """The people whom `author` can ban by name.

    They are those whom `author` can name elsewhere, those who are waiting at one of their doors, and those
    who were let in. Somebody who was declined automatically isn't among them: `author` never heard of it.
    """
    doors = written_by(author)
    waiting = admissions.waiting_at(doors, at=at).values("asker")
    admitted = Admission.objects.filter(post__in=doors).values("account")
    known = people_to_choose_from(author.pk).values("pk")
    named = Q(pk__in=known) | Q(pk__in=waiting) | Q(pk__in=admitted)
    return Account.objects.filter(named, is_active=True).exclude(pk=author.pk)


def of(author: Account) -> QuerySet[Ban]:
    """`author`'s bans: people first, by name, then addresses."""
    bans = Ban.objects.filter(author=author).select_related("account__profile")
    return bans.order_by("address", "account__profile__name", "pk")
