"""Asking at a door to be let in. Whatever the door has in mind, whoever has to wait meets the same.

The reason and the words are health data: they are kept while they wait for whoever decides, and no longer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from beside.access import conditions
from beside.access.door import admissions, state
from beside.access.door.state import LAPSES_AFTER
from beside.access.models import AccessRequest, Admission
from beside.access.policy import NothingToSee, Viewer
from beside.notices import notices
from beside.notices.models import Notice
from beside.people.models import Account
from beside.posts import audiences
from beside.posts.models import Answer, Post, Reason

# More than anybody asks who reads; few enough that nobody asks at every door there is.
MOST_A_DAY = 10
State = AccessRequest.State


class AskedLately(Exception):
    """They have asked at this door not long ago, and took it back."""

    def __init__(self, again_at: datetime) -> None:
        day = date_format(localtime(again_at), "j F")
        super().__init__(_("You’ve asked here not long ago. You can again from %s.") % day)


class DoorIsShut(Exception):
    """Nobody is let in here, whatever their reason."""

    def __init__(self) -> None:
        super().__init__(_("This door is kept closed at the moment. It isn’t a judgement of you."))


class TooManyAskings(Exception):
    """Ten doors in one day."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "You’ve asked at ten doors since yesterday, and that is as many as there can be in a"
                " day. Nothing is lost: tomorrow you can ask here too."
            )
        )


@dataclass(frozen=True, slots=True)
class Said:
    """Why somebody has come, and what they would like its authors to know. Both may be left out."""

    reason: str = Reason.RATHER_NOT
    words: str = ""


@transaction.atomic
def ask(
    post_id: UUID, said: Said, *, by: Viewer, at: datetime, address: UUID | None = None
) -> bool:
    """Ask to be let in; returns whether one was, at once. While one waits, asking again does nothing.

    `address` is the door's own, for those who found it by that. Raises `NothingToSee` unless
    one stands there, `AskedLately`, `DoorIsShut` and `TooManyAskings`.
    """
    post = Post.objects.select_for_update().filter(pk=post_id).first()
    if post is None or by.account is None:
        raise NothingToSee
    admissions.lock_with_authors(post, by.account)
    if not state.stands_at(post, by, at=at, address=address):
        raise NothingToSee
    before = AccessRequest.objects.filter(post=post, asker=by.account).first()
    if before and state.seems_to_wait(before, at=at):
        return False
    _require_may_ask(post, by.account, before, at=at)
    answer = _answer(post, by.account, said, before)
    if answer == Answer.AT_ONCE:
        admissions.admit(post, by.account, said="", at=at)
        return True
    _wait(post, by.account, said if answer == Answer.AFTER_A_YES else None, at=at)
    return False


@transaction.atomic
def withdraw(post_id: UUID, *, by: Account, at: datetime) -> None:
    """Take back what one has asked; twice is harmless. What one wrote is gone. Nobody is told."""
    post = Post.objects.select_for_update().filter(pk=post_id).first()
    if post is None:
        return
    asked = AccessRequest.objects.filter(post=post, asker=by, lapses_at__gt=at)
    asked.filter(state=State.DECLINED).update(lapses_at=at)
    asked.filter(state=State.WAITING).update(
        state=State.WITHDRAWN, reason="", words="", lapses_at=at
    )
    admissions.put_away_notices(post, at=at)


def waiting_for(account: Account, *, at: datetime) -> QuerySet[AccessRequest]:
    """Whoever waits for `account`'s answer, longest first, with their profiles. Nobody answers themselves."""
    waiting = admissions.waiting_at(admissions.decided_by(account), at=at).exclude(asker=account)
    return waiting.select_related("asker__profile", "post").order_by("asked_at", "pk")


@transaction.atomic
def lapse(at: datetime) -> None:
    """Let go of every asking that nobody has answered in time, and of what was written in it."""
    due = AccessRequest.objects.filter(state=State.WAITING, lapses_at__lte=at)
    posts = list(Post.objects.filter(access_requests__in=due).distinct())
    due.update(state=State.LAPSED, reason="", words="")
    for post in posts:
        admissions.put_away_notices(post, at=at)


def _require_may_ask(
    post: Post, account_id: UUID, before: AccessRequest | None, *, at: datetime
) -> None:
    if audiences.door_of(post).is_shut():
        raise DoorIsShut
    if before and not state.may_ask_again(before, at=at):
        raise AskedLately(before.asked_at + LAPSES_AFTER)
    since = at - timedelta(days=1)
    asked = AccessRequest.objects.filter(asker=account_id, asked_at__gt=since).count()
    came_in = Admission.objects.filter(account=account_id, admitted_at__gt=since).count()
    if asked + came_in >= MOST_A_DAY:
        raise TooManyAskings


def _answer(post: Post, account_id: UUID, said: Said, before: AccessRequest | None) -> Answer:
    """What the door does; a no that was said once stays."""
    kept_out = Post.objects.filter(conditions.is_banned(account_id), pk=post.pk).exists()
    if kept_out or (before and before.state == State.DECLINED):
        return Answer.NOT
    return audiences.door_of(post).answer_to(said.reason)


def _wait(post: Post, account_id: UUID, said: Said | None, *, at: datetime) -> None:
    """Without `said` it only seems to wait: there is nothing to decide, and nobody is told."""
    AccessRequest.objects.update_or_create(
        post=post,
        asker_id=account_id,
        defaults={
            "state": State.WAITING if said else State.DECLINED,
            "reason": said.reason if said else "",
            "words": said.words.strip() if said else "",
            "asked_at": at,
            "lapses_at": at + LAPSES_AFTER,
        },
    )
    if said:
        for account in admissions.deciders_of(post):
            if account != account_id:
                notices.tell(account, Notice.Kind.ASKED_TO_COME_IN, about=post.pk, at=at)
