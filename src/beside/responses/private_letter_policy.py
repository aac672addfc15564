"""Who may write a private letter to somebody, and which letters nobody has to read first: docs/access.md, *Private letters*.

Everything that writes one, or offers to, asks here. Nothing here changes a row. Who reads a letter is in `policy`.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from beside.access.profiles import people_known_to, people_named_to
from beside.people.models import Account, Membership
from beside.querysets.prepared import prepared
from beside.responses import policy
from beside.responses.models import PrivateLetterChoice, Response, WrittenBy


def people_who_take_letters_from(me: Account) -> QuerySet[Account]:
    """The people to whom `me` may write a private letter."""
    mine = Membership.objects.filter(circle__owner=OuterRef("pk"), account=me)
    known = Q(pk__in=people_known_to(me.pk).values("pk"))
    chosen = Q(_chose(WrittenBy.IN_MY_CIRCLES), Q(Exists(mine))) | Q(
        _chose(WrittenBy.WHO_KNOW_ME), known
    )
    i_am_here = Q(Exists(Account.objects.filter(pk=me.pk, is_active=True, suspended_at=None)))
    others = people_named_to(me.pk).filter(i_am_here, suspended_at=None).exclude(pk=me.pk)
    return others.filter(chosen | _has_written_to(me))


def people_who_would_like_letters(*, at: datetime) -> QuerySet[Account]:
    """The people who take letters from anyone who may open their page, and have no quiet days at `at`.

    It says nothing about who may write to them: a block, for one, isn't asked about.
    """
    return Account.objects.filter(_chose(WrittenBy.WHO_KNOW_ME)).exclude(
        profile__paused_until__gt=at
    )


def may_write_to(to: Account, writer: Account) -> bool:
    """Whether `writer` may write a private letter to this person."""
    # Most people take no letters and have written to nobody, and then the rule needn't be asked.
    if not _takes.any(to.pk) and not _wrote.any(to.pk):
        return False
    return _takes_from.any(to.pk, writer.pk)


@prepared
def _takes(account: UUID) -> QuerySet[PrivateLetterChoice]:
    return PrivateLetterChoice.objects.filter(account=account, written_by__gt=WrittenBy.NOBODY)


@prepared
def _wrote(account: UUID) -> QuerySet[Response]:
    return Response.objects.filter(writer=account, state=Response.State.PASSED_ON)


@prepared
def _takes_from(account: UUID, writer: UUID) -> QuerySet[Account]:
    return people_who_take_letters_from(Account(pk=writer)).filter(pk=account)


def needs_nobody_first(to: Account, writer: Account) -> bool:
    """Whether what `writer` writes to this person is passed on at once: it is an answer, or they screen for them."""
    wrote = Account.objects.filter(_has_written_to(writer), pk=to.pk)
    return policy.is_screener_of(writer, to) or wrote.exists()


def _chose(level: WrittenBy) -> Q:
    choice = PrivateLetterChoice.objects.filter(written_by__gte=level, paused_since=None)
    return Q(Exists(choice.filter(account=OuterRef("pk"))))


def _has_written_to(me: Account) -> Q:
    """Whether they wrote something, in their own name, that was passed on to `me`, for `Account` rows."""
    theirs = policy.passed_on_for(me).filter(writer=OuterRef("pk"), pen_name="")
    return Q(Exists(theirs))
