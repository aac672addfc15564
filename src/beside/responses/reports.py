"""Which responses somebody may report, and which a moderator reads because of a report (`moderation.reports`)."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from beside.access.conditions import Asker, Viewer, looks_of
from beside.access.policy import NothingToSee
from beside.people.models import Account
from beside.posts.models import Authorship
from beside.responses import policy, queue
from beside.responses.models import Response

State = Response.State
# What was declined has no words, and what was sealed opens as a seal.
WITH_WORDS = (State.WAITING, State.ASKED, State.PASSED_ON)


class Where(Enum):
    """Where somebody reads a response."""

    DESK = "in hand, as somebody who reads first"
    INBOX = "passed on, as one for whom it was written"
    LETTER = "beside the letter"


class Read(NamedTuple):
    """A response that somebody reads now, and where."""

    response: Response
    where: Where


def reportable(response_id: UUID, viewer: Viewer, *, at: datetime) -> Read:
    """The response, if `viewer` reads it at `at` and hasn't written it. Raises `NothingToSee`."""
    response = Response.objects.filter(pk=response_id).select_related("writer__profile").first()
    if response is None or _is_own(response, viewer):
        raise NothingToSee
    where = _where(response, viewer, at=at)
    if where is None:
        raise NothingToSee
    return Read(response, where)


def open_to(viewer: Viewer, *, at: datetime) -> QuerySet[Response]:
    """The responses whose words `viewer`, a moderator, reads at `at` because of a look.

    Neither its writer nor anybody for whom it was written is ever shown one in this way.
    """
    if viewer.account is None or viewer.session is None:
        return Response.objects.none()
    looks = looks_of(Asker.of(viewer, at)).filter(response=OuterRef("pk"))
    mine = Authorship.objects.filter(account=viewer.account).values("post")
    found = Response.objects.filter(Exists(looks), state__in=WITH_WORDS)
    to_others = found.exclude(post__in=mine).exclude(recipient=viewer.account)
    return to_others.exclude(writer=viewer.account)


def _is_own(response: Response, viewer: Viewer) -> bool:
    return viewer.account is not None and response.writer_id == viewer.account


def _where(response: Response, viewer: Viewer, *, at: datetime) -> Where | None:
    me = Account.objects.filter(pk=viewer.account).first() if viewer.account else None
    if me is not None:
        if queue.held_by(me, at=at).filter(pk=response.pk).exists():
            return Where.DESK
        if policy.passed_on_to(me, at=at).filter(pk=response.pk).exists():
            return Where.INBOX
    if response.post_id is None:
        return None
    beside = policy.shown_with(response.post_id, viewer, at=at)
    return Where.LETTER if beside.filter(pk=response.pk).exists() else None
