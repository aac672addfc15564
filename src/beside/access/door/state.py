"""What stands at a post's door: whether somebody may ask to be let in, and how it is with their asking.

A no, and being kept out, are never told: whoever was told neither meets the same as someone who waits.
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

# An answer that hasn't come by then won't; and nobody is asked by the same person more often.
LAPSES_AFTER = timedelta(days=30)

_SEEMS_TO_WAIT = (AccessRequest.State.WAITING, AccessRequest.State.DECLINED)


class State(Enum):
    """How it is for whoever stands there."""

    AJAR = "one may ask"
    WAITING = "one has asked, and there is no answer"
    LATELY = "one has asked, and it is over, and it is too early to ask again"
    SHUT = "nobody may ask"


@dataclass(frozen=True, slots=True)
class Met:
    """How it is for one person at one door. `asked_at` is set where they have asked of late."""

    state: State
    asked_at: datetime | None = None

    @property
    def again_at(self) -> datetime | None:
        """From when on they may ask again."""
        return self.asked_at + LAPSES_AFTER if self.asked_at else None


@dataclass(frozen=True, slots=True)
class AtTheDoor:
    """One person before one door. Of a post whose words they may not read, its authors and greeting are all."""

    post: Post
    met: Met
    may_read: bool


def by_post(viewer: Viewer, post_id: UUID, *, at: datetime) -> AtTheDoor:
    """The door of a post whose words `viewer` reads; raises `NothingToSee` unless they stand at it."""
    post = see(viewer, post_id, at=at)
    if post.sight != Sight.DOOR:
        raise NothingToSee
    return AtTheDoor(post, met_at([post], viewer, at=at)[post.pk], may_read=True)


def by_address(viewer: Viewer, address: UUID, *, at: datetime) -> AtTheDoor:
    """The door with this address; raises `NothingToSee` if there is none for `viewer`.

    Whoever reads the words already stands at the post itself: ask `read_through`.
    """
    post = Post.objects.filter(door_address=address).first()
    if post is None or not stands_at(post, viewer, at=at, address=address):
        raise NothingToSee
    return AtTheDoor(post, met_at([post], viewer, at=at)[post.pk], may_read=False)


def read_through(viewer: Viewer, address: UUID, *, at: datetime) -> UUID | None:
    """The post behind this address, if `viewer` may read it already."""
    behind = Post.objects.filter(door_address=address, words_for=Audience.LET_IN)
    found = visible_to(viewer, at=at).filter(pk__in=behind).first()
    return found.pk if found else None


def stands_at(post: Post, viewer: Viewer, *, at: datetime, address: UUID | None = None) -> bool:
    """Whether `viewer` may ask there: from its words, or, by its address, where these are for those let in."""
    if viewer.account is None:
        return False
    seen = visible_to(viewer, at=at).filter(pk=post.pk).first()
    if seen is not None or address is None:
        return seen is not None and seen.sight == Sight.DOOR
    behind = Post.objects.filter(
        ~conditions.is_blocked(viewer.account),
        pk=post.pk,
        state=Post.State.PUBLISHED,
        words_for=Audience.LET_IN,
        door_address=address,
    )
    return behind.exists()


def met_at(posts: Iterable[Post], viewer: Viewer, *, at: datetime) -> Mapping[UUID, Met]:
    """How it is for `viewer` at the door of each of these, however many, in one query."""
    posts = list(posts)
    mine = AccessRequest.objects.filter(post__in=posts, asker=viewer.account)
    asked = {one.post_id: one for one in mine} if posts and viewer.account else {}
    return {post.pk: _met(post, asked.get(post.pk), at=at) for post in posts}


def seems_to_wait(asked: AccessRequest, *, at: datetime) -> bool:
    """Whether its asker goes on waiting at `at`, as far as they can tell."""
    return asked.state in _SEEMS_TO_WAIT and asked.lapses_at > at


def may_ask_again(asked: AccessRequest, *, at: datetime) -> bool:
    """Whether it was long enough ago."""
    return asked.asked_at + LAPSES_AFTER <= at


def _met(post: Post, asked: AccessRequest | None, *, at: datetime) -> Met:
    if asked and seems_to_wait(asked, at=at):
        return Met(State.WAITING, asked.asked_at)
    if audiences.door_of(post).is_shut():
        return Met(State.SHUT)
    if asked and not may_ask_again(asked, at=at):
        return Met(State.LATELY, asked.asked_at)
    return Met(State.AJAR)
