"""What somebody chooses about private letters: who may write them, and who reads them first. Nobody may, to begin with."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from beside.notices import notices
from beside.notices.models import Notice
from beside.people import blocks, narrowings
from beside.people.models import Account, Narrowing
from beside.photos import disk_full
from beside.responses import policy
from beside.responses.choices import WhoReadsFirst
from beside.responses.models import PrivateLetterChoice, ReadFirst, WrittenBy


def of(account: Account) -> PrivateLetterChoice:
    """What `account` has chosen; an unsaved row with the defaults if nothing yet."""
    found = PrivateLetterChoice.objects.filter(account=account).first()
    return found or PrivateLetterChoice(account=account)


@transaction.atomic
def choose(
    account: Account, written_by: WrittenBy, read_first: ReadFirst | None = None, *, at: datetime
) -> None:
    """Record what `account` chooses. `read_first` only counts where nobody reads first for them.

    Raises `WhoReadsFirst` if letters would come with nobody chosen to read them.
    """
    blocks.lock(account.pk)
    before = of(account)
    opens, is_new = written_by > WrittenBy.NOBODY, before._state.adding
    if opens and is_new and read_first is None and not policy.has_screener(account):
        raise WhoReadsFirst
    PrivateLetterChoice.objects.update_or_create(
        account=account,
        defaults={
            "written_by": written_by,
            "read_first": before.read_first if read_first is None else read_first,
        },
    )
    if written_by < before.written_by:
        _record(account, written_by, at=at)


@disk_full.with_reserve
@transaction.atomic
def end(account: Account, *, at: datetime) -> None:
    """Let nobody write any more, from the next request on, but those whom `account` has written to."""
    blocks.lock(account.pk)
    narrow_again(account.pk, WrittenBy.NOBODY)
    _record(account, WrittenBy.NOBODY, at=at)


def narrow_again(account_id: UUID, written_by: int) -> None:
    """Narrow a choice to at most `written_by`, also after a restore."""
    mine = PrivateLetterChoice.objects.filter(account=account_id, written_by__gt=written_by)
    mine.update(written_by=written_by)


@transaction.atomic
def resume(account: Account) -> None:
    """Let people write again after letters had closed by themselves."""
    PrivateLetterChoice.objects.filter(account=account).update(paused_since=None)
    notices.untell(account.pk, Notice.Kind.RESPONSES_PAUSED, about=account.pk)


def _record(account: Account, written_by: WrittenBy, *, at: datetime) -> None:
    narrowings.record(
        Narrowing.Kind.PRIVATE_LETTERS_NARROWED,
        at=at,
        account=account.pk,
        written_by=str(int(written_by)),
    )
