"""A world read from the rows, for the plain rule: nothing of it comes from `beside.access.policy`."""

from __future__ import annotations

from datetime import datetime

from beside.access.models import Admission, Ban
from beside.people.models import Account, Block, Circle, Follow, Session
from beside.photos.models import Hold, Photo, Portrait
from beside.posts.models import PlacedPhoto, Post, ShareLink
from tests.access.worlds import (
    ACircle,
    ALink,
    AnAdmission,
    APhoto,
    APost,
    Looking,
    Part,
    Person,
    World,
)


def world_of(*, at: datetime) -> World:
    """Everything that is there at `at`."""
    people = {
        row.pk: Person(row.is_active, is_findable=False, id=row.pk, address=row.email)
        for row in Account.objects.all()
    }
    circles = {
        row.pk: ACircle(
            row.pk,
            people[row.owner_id],
            {people[one.account_id] for one in row.memberships.all()},
            {
                people[one.account_id]: one.added_at
                for one in row.memberships.all()
                if one.from_now_on
            },
        )
        for row in Circle.objects.prefetch_related("memberships")
    }
    assert not Portrait.objects.exists()
    letters = Post.objects.prefetch_related(
        "authorships",
        "grants",
        "placed__photo__holds",
        "placed__photo__held_unseen",
        "placed__photo__consents",
    )
    posts = {row.pk: _post(row, people, circles, at=at) for row in letters}
    sessions = {row.pk: row for row in Session.objects.all()}
    viewers = [
        Looking(people.get(row.account_id), row.pk, is_dead=row.expire_date <= at)
        for row in sessions.values()
    ]
    seen = {viewer.me for viewer in viewers}
    viewers += [Looking(person, None) for person in people.values() if person not in seen]
    viewers.append(Looking(None, None))
    banned = Ban.objects.all()
    return World(
        list(people.values()),
        list(circles.values()),
        {(people[row.follower_id], people[row.followed_id]) for row in Follow.objects.all()},
        {(people[row.blocker_id], people[row.blocked_id]) for row in Block.objects.all()},
        list(posts.values()),
        [photo for post in posts.values() for photo in post.photos],
        viewers,
        [_admission(row, posts, people) for row in Admission.objects.prefetch_related("by")],
        set(),
        {(people[row.keeper_id], people[row.account_id]) for row in banned if row.account_id},
        {(people[row.keeper_id], row.address) for row in banned if row.address},
        [
            _link(row, posts, people, at=at)
            for row in ShareLink.objects.prefetch_related("yeses", "devices")
        ],
    )


def _post(row: Post, people, circles, *, at: datetime) -> APost:
    return APost(
        id=row.pk,
        authors={people[one.account_id] for one in row.authorships.all()},
        state=row.state,
        words=_part(row, 1, row.words_for, row.words_signed_in, people, circles),
        photographs=_part(row, 2, row.photographs_for, row.photographs_signed_in, people, circles),
        veiled=row.veiled,
        photos=[
            _photo(placed.photo, people, at=at) for placed in sorted(row.placed.all(), key=_place)
        ],
        door_is_shared=row.door_is_shared,
        # A draft is nobody's but its authors'; whenever it is published, it is after this.
        published_at=row.published_at or at,
    )


def _place(placed: PlacedPhoto) -> int:
    return placed.position


def _part(row: Post, what, audience, signed_in, people, circles) -> Part:
    granted = [one for one in row.grants.all() if one.what == what]
    return Part(
        audience,
        signed_in,
        {people[one.account_id] for one in granted if one.account_id},
        {circles[one.circle_id] for one in granted if one.circle_id},
    )


def _photo(row: Photo, people, *, at: datetime) -> APhoto:
    chosen = row.consents.all()
    return APhoto(
        id=row.pk,
        uploader=people[row.uploader_id],
        state=row.state,
        holders={
            people[one.account_id] for one in row.holds.all() if one.kind == Hold.Kind.ORIGINAL
        },
        has_key=any(one.kind == Hold.Kind.SHOWN for one in row.holds.all()),
        hidden_for={people[one.account_id] for one in row.held_unseen.all()},
        chosen_in={one.session_id for one in chosen if one.session_id and one.ends_at > at},
        remembered_by={people[one.account_id] for one in chosen if one.account_id},
    )


def _admission(row: Admission, posts, people) -> AnAdmission:
    return AnAdmission(
        posts[row.post_id],
        people[row.account_id],
        row.is_shared,
        {people[author.pk] for author in row.by.all()},
    )


def _link(row: ShareLink, posts, people, *, at: datetime) -> ALink:
    return ALink(
        row.pk,
        posts[row.post_id],
        people[row.maker_id],
        row.with_photographs,
        {people[one.account_id] for one in row.yeses.all()},
        row.ended_at is not None,
        row.ends_at <= at,
        {one.session_id for one in row.devices.all() if one.allowed_at},
        {one.session_id for one in row.devices.all() if not one.allowed_at},
    )
