"""Who may open a note of thanks, and who hands one over: docs/access.md, *Notes of thanks*.

Everything that opens or lists a note of somebody else's asks here. Nothing here changes a row.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from beside.people import moderators
from beside.people.models import Account, Block
from beside.thanks.models import ThankYouNote, Way

# Their account is neither closed nor suspended.
_AUTHOR_IS_HERE = Q(author__is_active=True, author__suspended_at=None)


def openable(at: datetime) -> QuerySet[ThankYouNote]:
    """The notes that open at `at` for whoever has their code."""
    not_ended = Q(ended_at=None, answered_at=None, ends_at__gt=at)
    return ThankYouNote.objects.filter(_AUTHOR_IS_HERE, not_ended, code_digest__isnull=False)


def with_the_team(member: Account) -> QuerySet[ThankYouNote]:
    """The notes that `member` is to hand over. For somebody who isn't a moderator, there are none."""
    waiting = ThankYouNote.objects.filter(
        _AUTHOR_IS_HERE,
        ~Q(Exists(_blocks_between(member, OuterRef("author")))),
        way=Way.TEAM,
        ended_at=None,
        handed_over_at=None,
    )
    return waiting.filter(Exists(moderators.everybody().filter(pk=member.pk)))


def team_of(author: Account) -> QuerySet[Account]:
    """Those who would hand over a note of `author`: the moderators whom no block sets apart from them."""
    return moderators.everybody().filter(~Q(Exists(_blocks_between(author, OuterRef("pk")))))


def _blocks_between(one: Account, other: OuterRef) -> QuerySet[Block]:
    return Block.objects.filter(Q(blocker=one, blocked=other) | Q(blocker=other, blocked=one))
