"""News about responses: which notices still say something true, and one line for any number of the same."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from beside.access.policy import Viewer
from beside.moderation.looks import concerning
from beside.notices.models import Notice
from beside.people import delegations
from beside.people.models import Account
from beside.posts.authorship import written_by
from beside.posts.models import Authorship
from beside.responses import choices, desk, policy, responses
from beside.responses.models import PrivateLetterChoice, Response, ResponsePause

Kind = Notice.Kind
KINDS = (
    Kind.RESPONSES_OFFERED,
    Kind.RESPONSES_WAIT,
    Kind.RESPONSES_PAUSED,
    Kind.RESPONSE_PASSED_ON,
    Kind.RESPONSE_QUESTION,
    Kind.RESPONSE_REPLIED,
    Kind.RESPONSE_LOOKED,
    Kind.PRESENT,
)
# Said in place of `RESPONSES_PAUSED` to those who read first and can't open the letter to responses again.
PAUSED_TO_READ = "RESPONSES_PAUSED_TO_READ"
# Said in its place to somebody to whom nobody can write any more.
PAUSED_LETTERS = "LETTERS_PAUSED"


def live(notices: Sequence[Notice], me: Account, *, at: datetime) -> list[Notice]:
    """The notices without those about responses that say nothing any more, or the same as a newer one."""
    kept: list[Notice] = []
    found = {
        kind: _FIND[kind](me, about, at)
        for kind in KINDS
        if (about := {one.about for one in notices if one.kind == kind and one.about})
    }
    said: set[tuple[str, UUID | None]] = set()
    for one in notices:
        if one.kind not in KINDS:
            kept.append(one)
        elif one.about in found.get(Kind(one.kind), ()) and (one.kind, one.about) not in said:
            said.add((one.kind, one.about))
            kept.append(one)
    return kept


def name_of_kind(notice: Notice, viewer: Viewer) -> str:
    """The name of a notice's kind, for its template."""
    if notice.kind != Kind.RESPONSES_PAUSED:
        return Kind(notice.kind).name
    if notice.about == viewer.account:
        return PAUSED_LETTERS
    mine = Authorship.objects.filter(post=notice.about, account=viewer.account)
    return Kind.RESPONSES_PAUSED.name if mine.exists() else PAUSED_TO_READ


Ids = Collection[UUID]


def _offered(me: Account, posts: Ids, at: datetime) -> set[UUID]:
    """Letters of `me` for which another author would take more responses."""
    mine = written_by(me).filter(pk__in=posts)
    return {post.pk for post in mine if me in choices.holds(post).undecided}


def _wait(me: Account, _about: Ids, at: datetime) -> set[UUID]:
    return {me.pk} if policy.waiting_for(me).exists() else set()


def _paused(me: Account, ids: Ids, at: datetime) -> set[UUID]:
    """Letters that `me` wrote, or reads first for, to which responses closed by themselves, and people likewise."""
    served = delegations.screening().filter(delegate=me).values("author")
    mine = Q(post__authorships__account=me) | Q(post__authorships__account__in=served)
    paused = ResponsePause.objects.filter(mine, post__in=ids)
    people = PrivateLetterChoice.objects.filter(Q(account=me) | Q(account__in=served))
    closed = people.filter(account__in=ids, paused_since__isnull=False)
    return {
        *paused.values_list("post_id", flat=True),
        *closed.values_list("account_id", flat=True),
    }


def _passed_on(me: Account, ids: Ids, at: datetime) -> set[UUID]:
    return _addressed(policy.passed_on_to(me, at=at), ids)


def _question(me: Account, ids: Ids, at: datetime) -> set[UUID]:
    return _addressed(desk.asked_of(me, at=at), ids)


def _addressed(some: QuerySet[Response], ids: Ids) -> set[UUID]:
    """The letters and people among `ids` that some of these were written to."""
    here = some.filter(Q(post__in=ids) | Q(recipient__in=ids)).order_by()
    found = here.values_list("post_id", "recipient_id").distinct()
    return {post_id or recipient_id for post_id, recipient_id in found}


def _replied(me: Account, ids: Ids, at: datetime) -> set[UUID]:
    with_reply = responses.written_by(me).filter(pk__in=ids).exclude(reply="")
    return set(with_reply.values_list("pk", flat=True))


def _looked(me: Account, ids: Ids, at: datetime) -> set[UUID]:
    return set(concerning(me, at=at).filter(pk__in=ids).values_list("pk", flat=True))


def _present(me: Account, posts: Ids, at: datetime) -> set[UUID]:
    here = policy.letters_with_presence(me, at=at).filter(pk__in=posts)
    return set(here.values_list("pk", flat=True))


_FIND: dict[Notice.Kind, Callable[[Account, Ids, datetime], set[UUID]]] = {
    Kind.RESPONSES_OFFERED: _offered,
    Kind.RESPONSES_WAIT: _wait,
    Kind.RESPONSES_PAUSED: _paused,
    Kind.RESPONSE_PASSED_ON: _passed_on,
    Kind.RESPONSE_QUESTION: _question,
    Kind.RESPONSE_REPLIED: _replied,
    Kind.RESPONSE_LOOKED: _looked,
    Kind.PRESENT: _present,
}
