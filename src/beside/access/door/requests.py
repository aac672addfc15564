"""Asking at a door to be let in. Everybody who has to wait sees the same page, whatever the door will answer.

The reason and the words are health data. They are kept only until a request is decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from beside.access import conditions
from beside.access.door import admissions, state
from beside.access.door.state import LAPSES_AFTER
from beside.access.models import AccessRequest, Admission
from beside.access.policy import NothingToSee, Viewer
from beside.notices import notices
from beside.notices.models import Notice
from beside.people import formats
from beside.people.models import Account
from beside.photos.broken_rows import going_on
from beside.posts import audiences
from beside.posts.models import Answer, Post, Reason

# More than any reader needs, and too few to try every door there is.
MOST_A_DAY = 10
State = AccessRequest.State


class AskedRecently(Exception):
    """They asked at this door a short while ago and withdrew it, or were answered."""

    def __init__(self, again_at: datetime) -> None:
        day = formats.day_of_year(localtime(again_at))
        super().__init__(_("You’ve asked here not long ago. You can ask again from %s.") % day)


class DoorClosed(Exception):
    """The door lets nobody in, whatever their reason."""

    def __init__(self) -> None:
        super().__init__(_("This door is kept closed at the moment. It isn’t a judgement of you."))


class TooManyRequests(Exception):
    """They have asked at `MOST_A_DAY` doors within a day."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "You’ve asked at ten doors since yesterday, which is as many as you can in a day."
                " Nothing is lost: you can ask here tomorrow."
            )
        )


@dataclass(frozen=True, slots=True)
class RequestText:
    """Why somebody asks to be let in, and a few words to the authors. They can leave out both."""

    reason: str = Reason.RATHER_NOT
    words: str = ""


@transaction.atomic
def ask(
    post_id: UUID, said: RequestText, *, by: Viewer, at: datetime, address: UUID | None = None
) -> bool:
    """Ask to be let in; returns whether `by` was let in at once. Asking again while waiting does nothing.

    `address` is the door's own address, for those who came by it. Raises `NothingToSee` unless `by` can
    reach the door, `AskedRecently`, `DoorClosed` and `TooManyRequests`.
    """
    post = Post.objects.select_for_update().filter(pk=post_id).first()
    if post is None or by.account is None:
        raise NothingToSee
    admissions.lock_with_authors(post, by.account)
    if not state.can_reach_door(post, by, at=at, address=address):
        raise NothingToSee
    before = AccessRequest.objects.filter(post=post, asker=by.account).first()
    if before and state.seems_to_wait(before, at=at):
        return False
    _require_may_ask(post, by.account, before, at=at)
    answer = _answer(post, by.account, said, before)
    if answer == Answer.AT_ONCE:
        admissions.admit(post, by.account, message="", at=at)
        return True
    _wait(post, by.account, said if answer == Answer.AFTER_A_YES else None, at=at)
    return False


@transaction.atomic
def withdraw(post_id: UUID, *, by: Account, at: datetime) -> None:
    """Withdraw `by`'s request and delete its words; twice is harmless. Nobody is told."""
    post = Post.objects.select_for_update().filter(pk=post_id).first()
    if post is None:
        return
    asked = AccessRequest.objects.filter(post=post, asker=by, lapses_at__gt=at)
    asked.filter(state=State.DECLINED).update(lapses_at=at)
    asked.filter(state=State.WAITING).update(
        state=State.WITHDRAWN, reason="", words="", lapses_at=at
    )
    admissions.clear_notices(post, at=at)


def waiting_for(account: Account, *, at: datetime) -> QuerySet[AccessRequest]:
    """The requests that `account` can answer, oldest first, with profiles. Nobody can answer their own."""
    waiting = admissions.waiting_at(admissions.decidable_by(account), at=at).exclude(asker=account)
    return waiting.select_related("asker__profile", "post").order_by("asked_at", "pk")


@transaction.atomic
def lapse(at: datetime) -> None:
    """End each request that nobody answered in time, and delete its words. The worker calls this."""
    due = AccessRequest.objects.filter(state=State.WAITING, lapses_at__lte=at)
    posts = list(Post.objects.filter(access_requests__in=due).distinct())
    for post in posts:
        with going_on("requests that nobody answered could not be ended"), transaction.atomic():
            due.filter(post=post).update(state=State.LAPSED, reason="", words="")
            admissions.clear_notices(post, at=at)


def _require_may_ask(
    post: Post, account_id: UUID, before: AccessRequest | None, *, at: datetime
) -> None:
    if audiences.door_of(post).is_shut():
        raise DoorClosed
    if before and not state.may_ask_again(before, at=at):
        raise AskedRecently(before.asked_at + LAPSES_AFTER)
    since = at - timedelta(days=1)
    asked = AccessRequest.objects.filter(asker=account_id, asked_at__gt=since).count()
    admitted = Admission.objects.filter(account=account_id, admitted_at__gt=since).count()
    if asked + admitted >= MOST_A_DAY:
        raise TooManyRequests


def _answer(
    post: Post, account_id: UUID, said: RequestText, before: AccessRequest | None
) -> Answer:
    """How the door answers. Somebody who was declined once is declined again."""
    is_banned = Post.objects.filter(conditions.is_banned(account_id), pk=post.pk).exists()
    if is_banned or (before and before.state == State.DECLINED):
        return Answer.NOT
    return audiences.door_of(post).answer_to(said.reason)


def _wait(post: Post, account_id: UUID, said: RequestText | None, *, at: datetime) -> None:
    """Record a request. Without `said` it only seems to wait: it is declined, and nobody is told."""
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
                notices.tell(account, Notice.Kind.ACCESS_REQUESTED, about=post.pk, at=at)
