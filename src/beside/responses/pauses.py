"""Floods: responses to a letter, or letters to somebody, close by themselves when too many come at once.

An author, or that person, opens them again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from beside.notices import notices
from beside.notices.models import Notice
from beside.people import quiet_days
from beside.people.models import Account
from beside.posts.models import Post
from beside.responses import policy
from beside.responses.models import (
    PrivateLetterChoice,
    Response,
    ResponseChoice,
    ResponsePause,
)
from beside.responses.policy import Addressee

_WITHIN = timedelta(hours=1)
# How many responses are looked at for accounts made lately, and how many of them are too many.
_LATEST, _NEW_AMONG_THEM = 20, 10
_NEW_FOR = timedelta(days=2)


def pause_if_too_many(to: Addressee, *, at: datetime) -> None:
    """Take no more responses, or letters, if too many have come. The caller must hold the lock of the post or person.

    Those who read first and the recipients are told once, except on quiet days.
    """
    if _are_too_many(to, at=at) and _pause(to, at=at):
        _tell(to, at=at)


def _pause(to: Addressee, *, at: datetime) -> bool:
    """Whether it wasn't paused before."""
    if isinstance(to, Post):
        return ResponsePause.objects.get_or_create(post=to, defaults={"since": at})[1]
    open_ones = PrivateLetterChoice.objects.filter(account=to, paused_since=None)
    return bool(open_ones.update(paused_since=at))


def _are_too_many(to: Addressee, *, at: datetime) -> bool:
    lately = Response.objects.filter(policy.sent_to(to), sent_at__gt=at - _WITHIN)
    most = settings.BESIDE.responses_an_hour
    # Only what an index holds is counted: of thousands that wait, each row is a page of the database.
    if lately.values("sent_at")[: most + 1].count() > most:
        return True
    latest = lately.order_by("-sent_at").values_list("writer__joined_at", flat=True)[:_LATEST]
    if sum(joined is None or joined > at - _NEW_FOR for joined in latest) >= _NEW_AMONG_THEM:
        return True
    return isinstance(to, Post) and _has_reached_an_authors_number(to)


def _has_reached_an_authors_number(post: Post) -> bool:
    numbers = ResponseChoice.objects.filter(
        post=post, author__authorships__post=post, closes_at__isnull=False
    )
    least = numbers.order_by("closes_at").values_list("closes_at", flat=True).first()
    if least is None:
        return False
    waiting = Response.objects.filter(post=post, state=Response.State.WAITING)
    return waiting.values("state")[:least].count() >= least


def _tell(to: Addressee, *, at: datetime) -> None:
    people: dict[object, Account] = {one.pk: one for one in policy.readers_first_of(to)}
    people |= {one.pk: one for one in policy.recipients_of(to)}
    quiet = quiet_days.quiet_accounts(people.values(), at=at)
    for one in people.values():
        if one.pk not in quiet:
            notices.tell(one.pk, Notice.Kind.RESPONSES_PAUSED, about=to.pk, at=at)
