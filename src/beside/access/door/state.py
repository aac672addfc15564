"""What somebody finds at a post's door: whether they may ask, and how things are with their request.

A refusal or a ban is never told. Somebody who was refused or banned sees what somebody who is waiting sees.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

from beside.access import conditions
from beside.access.models import AccessRequest
from beside.access.policy import NothingToSee, Sight, Viewer, see, visible_to
from beside.posts import audiences
from beside.posts.models import Audience, Post

# A request lapses after this time, and the same person can't ask at the same door sooner.
LAPSES_AFTER = timedelta(days=30)

_SEEMS_TO_WAIT = (AccessRequest.State.WAITING, AccessRequest.State.DECLINED)


class State(Enum):
    """A door's state for one person."""

    OPEN = "they may ask"
    WAITING = "they have asked, and haven't been answered"
    TOO_SOON = "their last request is over, and they can't ask again yet"
    CLOSED = "nobody may ask"


@dataclass(frozen=True, slots=True)
class DoorStatus:
    """A door's state for one person. `asked_at` is set if they have asked within `LAPSES_AFTER`."""

    state: State
    asked_at: datetime | None = None

    @property
    def again_at(self) -> datetime | None:
        """When they may ask again."""
        return self.asked_at + LAPSES_AFTER if self.asked_at else None


@dataclass(frozen=True, slots=True)
class DoorView:
    """A door as one person sees it. Unless `may_read`, only the post's authors and greeting may be shown."""

    post: Post
    status: DoorStatus
    may_read: bool


def by_post(viewer: Viewer, post_id: UUID, *, at: datetime) -> DoorView:
    """The door of a post whose words `viewer` can read; raises `NothingToSee` unless they see its door."""
    post = see(viewer, post_id, at=at)
    if post.sight != Sight.DOOR:
        raise NothingToSee
    return DoorView(post, statuses_at([post], viewer, at=at)[post.pk], may_read=True)


def by_address(viewer: Viewer, address: UUID, *, at: datetime) -> DoorView:
    """The door with this address; raises `NothingToSee` if there is none for `viewer`.

    Somebody who can already read the post doesn't need its door: ask `readable_post` first.
    """
    post = Post.objects.filter(door_address=address).first()
    if post is None or not can_reach_door(post, viewer, at=at, address=address):
        raise NothingToSee
    return DoorView(post, statuses_at([post], viewer, at=at)[post.pk], may_read=False)


def readable_post(viewer: Viewer, address: UUID, *, at: datetime) -> UUID | None:
    """The id of the post whose door has this address, if `viewer` can already read the post."""
    behind = Post.objects.filter(door_address=address, words_for=Audience.LET_IN)
    found = visible_to(viewer, at=at).filter(pk__in=behind).first()
    return found.pk if found else None


def can_reach_door(
    post: Post, viewer: Viewer, *, at: datetime, address: UUID | None = None
) -> bool:
    """Whether `viewer` sees the post's door.

    They do if they can read its words and not see its photographs, or if the words too are for those let in
    and they have the door's own `address`.
    """
    if viewer.account is None:
        return False
    seen = visible_to(viewer, at=at).filter(pk=post.pk).first()
    if seen is not None or address is None:
        return seen is not None and seen.sight == Sight.DOOR
    behind = Post.objects.filter(
        ~conditions.is_suspended(),
        ~conditions.is_suspended_viewer(viewer.account),
        ~conditions.is_blocked(viewer.account),
        pk=post.pk,
        state=Post.State.PUBLISHED,
        words_for=Audience.LET_IN,
        door_address=address,
    )
    return behind.exists()


def statuses_at(
    posts: Iterable[Post], viewer: Viewer, *, at: datetime
) -> Mapping[UUID, DoorStatus]:
    """The status of each of these posts' doors for `viewer`, by the post's id, in one query."""
    posts = list(posts)
    requests = AccessRequest.objects.filter(post__in=posts, asker=viewer.account)
    asked = {one.post_id: one for one in requests} if posts and viewer.account else {}
    return {post.pk: _status(post, asked.get(post.pk), at=at) for post in posts}


def seems_to_wait(asked: AccessRequest, *, at: datetime) -> bool:
    """Whether the request is waiting at `at`, as far as its asker can tell."""
    return asked.state in _SEEMS_TO_WAIT and asked.lapses_at > at


def may_ask_again(asked: AccessRequest, *, at: datetime) -> bool:
    """Whether the request was long enough ago."""
    return asked.asked_at + LAPSES_AFTER <= at


def _status(post: Post, asked: AccessRequest | None, *, at: datetime) -> DoorStatus:
    if asked and seems_to_wait(asked, at=at):
        return DoorStatus(State.WAITING, asked.asked_at)
    if audiences.door_of(post).is_shut():
        return DoorStatus(State.CLOSED)
    if asked and not may_ask_again(asked, at=at):
        return DoorStatus(State.TOO_SOON, asked.asked_at)
    return DoorStatus(State.OPEN)
