"""Small random worlds: imagined first as plain objects, then laid down as rows.

They are made to be crowded: few people, many ties, so that rules meet each other.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from django.utils import timezone

from beside.access.models import Consent
from beside.people.models import (
    Account,
    Block,
    Circle,
    Follow,
    Invitation,
    Membership,
    Profile,
    Session,
)
from beside.photos.models import (
    AuthorKey,
    HeldUnseen,
    Hold,
    KeyEpoch,
    Photo,
    Portrait,
    Rendition,
)
from beside.posts.models import Authorship, Grant, PlacedPhoto, Post

NOW = timezone.now()
BEFORE, LATER = NOW - timedelta(days=1), NOW + timedelta(days=1)
STATES = ("published", "published", "published", "published", "draft", "closed", "taken back")


@dataclass(eq=False)
class Person:
    is_active: bool
    is_findable: bool
    id: uuid.UUID
    invited_by: Person | None = None
    portrait: APhoto | None = None


@dataclass(eq=False)
class ACircle:
    id: uuid.UUID
    owner: Person
    members: set[Person]


@dataclass(eq=False)
class Part:
    """The words of a post, or its photographs: who they are for."""

    audience: int
    signed_in: bool
    people: set[Person]
    circles: set[ACircle]


@dataclass(eq=False)
class APhoto:
    id: uuid.UUID
    uploader: Person
    state: str
    holders: set[Person]
    has_key: bool
    closed_for: set[Person]
    chosen_in: set[str] = field(default_factory=set)
    chosen_before_in: set[str] = field(default_factory=set)
    remembered_by: set[Person] = field(default_factory=set)


@dataclass(eq=False)
class APost:
    id: uuid.UUID
    authors: set[Person]
    state: str
    words: Part
    photographs: Part
    veiled: bool
    photos: list[APhoto]


@dataclass(eq=False)
class Looking:
    """Somebody looking, in a visit or without one."""

    me: Person | None
    visit: str | None
    is_dead: bool = False


@dataclass(eq=False)
class World:
    people: list[Person]
    circles: list[ACircle]
    follows: set[tuple[Person, Person]]
    blocks: set[tuple[Person, Person]]
    posts: list[APost]
    photos: list[APhoto]
    viewers: list[Looking]


def imagine(random: Random) -> World:
    """A world, the same for the same `random` but for its ids."""
    people = [_person(random) for _ in range(random.randint(2, 5))]
    for person in people[1:]:
        person.invited_by = random.choice([None, None, people[0]])
    circles = [
        ACircle(uuid.uuid4(), random.choice(people), _some(random, people))
        for _ in range(random.randint(0, 2))
    ]
    viewers = [Looking(person, f"visit-{person.id.hex}") for person in people]
    viewers += [Looking(None, None), Looking(None, "visit-of-nobody")]
    dead = [Looking(random.choice(people), "visit-that-ended", is_dead=True)]
    loose = [_photo(random, people, viewers) for _ in range(random.randint(0, 2))]
    posts = [_post(random, people, circles, viewers) for _ in range(random.randint(1, 3))]
    photos = [photo for post in posts for photo in post.photos] + loose
    random.shuffle(photos)
    for person, photo in zip(people, photos, strict=False):
        person.portrait = random.choice([None, photo])
    return World(
        people,
        circles,
        _pairs(random, people, 3),
        _pairs(random, people, random.choice([0, 1, 2])),
        posts,
        photos,
        viewers + dead,
    )


def _maybe(random: Random, percent: int) -> bool:
    return random.randrange(100) < percent


def _some(random: Random, things: list, percent: int = 35) -> set:
    return {thing for thing in things if _maybe(random, percent)}


def _pairs(random: Random, people: list[Person], most: int) -> set[tuple[Person, Person]]:
    pairs = {(random.choice(people), random.choice(people)) for _ in range(random.randint(0, most))}
    return {(one, other) for one, other in pairs if one is not other}


def _person(random: Random) -> Person:
    return Person(_maybe(random, 88), _maybe(random, 15), uuid.uuid4())


def _photo(random: Random, people: list[Person], viewers: list[Looking]) -> APhoto:
    uploader = random.choice(people)
    photo = APhoto(
        id=uuid.uuid4(),
        uploader=uploader,
        state="ready"
        if _maybe(random, 85)
        else random.choice(["receiving", "received", "refused"]),
        holders={uploader} if _maybe(random, 75) else _some(random, people),
        has_key=_maybe(random, 90),
        closed_for=_some(random, people, 10),
        remembered_by=_some(random, people, 12),
    )
    visits = [viewer.visit for viewer in viewers if viewer.visit]
    photo.chosen_in = _some(random, visits, 30)
    photo.chosen_before_in = _some(random, visits, 15) - photo.chosen_in
    return photo


def _part(random: Random, people, circles, *, most: int) -> Part:
    return Part(
        audience=min(most, random.choice([0, 1, 1, 1, 2, 3, 3])),
        signed_in=_maybe(random, 50),
        people=_some(random, people),
        circles=_some(random, circles, 50),
    )


def _post(random: Random, people, circles, viewers) -> APost:
    words = _part(random, people, circles, most=3)
    photographs = _part(random, people, circles, most=words.audience)
    if photographs.audience == 3 and words.signed_in:
        photographs.signed_in = True
    return APost(
        id=uuid.uuid4(),
        authors={random.choice(people)} | _some(random, people, 15),
        state=random.choice(STATES),
        words=words,
        photographs=photographs,
        veiled=_maybe(random, 65),
        photos=[_photo(random, people, viewers) for _ in range(random.randint(0, 2))],
    )


def lay_down(world: World) -> None:
    """Write the world as rows, in as few statements as there are tables."""
    _lay_people(world)
    _lay_ties(world)
    _lay_photos(world)
    _lay_posts(world)
    _lay_choices(world)


def _lay_people(world: World) -> None:
    Account.objects.bulk_create(
        Account(
            id=person.id,
            email=f"{person.id.hex}@home.example",
            password="!",
            is_active=person.is_active,
        )
        for person in world.people
    )
    Profile.objects.bulk_create(
        Profile(account_id=person.id, name="Someone", findable=person.is_findable)
        for person in world.people
    )
    Session.objects.bulk_create(
        Session(
            session_key=viewer.visit,
            session_data="",
            expire_date=BEFORE if viewer.is_dead else LATER,
            account_id=viewer.me and viewer.me.id,
        )
        for viewer in world.viewers
        if viewer.visit
    )


def _lay_ties(world: World) -> None:
    Follow.objects.bulk_create(
        Follow(follower_id=one.id, followed_id=other.id, asked_at=BEFORE)
        for one, other in world.follows
    )
    Block.objects.bulk_create(
        Block(blocker_id=one.id, blocked_id=other.id, at=BEFORE) for one, other in world.blocks
    )
    Circle.objects.bulk_create(
        Circle(id=circle.id, owner_id=circle.owner.id, name=circle.id.hex)
        for circle in world.circles
    )
    Membership.objects.bulk_create(
        Membership(circle_id=circle.id, account_id=person.id, added_at=BEFORE)
        for circle in world.circles
        for person in circle.members
    )
    Invitation.objects.bulk_create(
        Invitation(
            inviter_id=person.invited_by.id,
            used_by_id=person.id,
            secret_digest=person.id.bytes,
            made_at=BEFORE,
            expires_at=LATER,
            used_at=BEFORE,
        )
        for person in world.people
        if person.invited_by
    )


def _lay_photos(world: World) -> None:
    KeyEpoch.objects.bulk_create([KeyEpoch(id=1, generation=1)])
    AuthorKey.objects.bulk_create(
        AuthorKey(account_id=person.id, wrapped=b"key") for person in world.people
    )
    Photo.objects.bulk_create(
        Photo(
            id=photo.id,
            uploader_id=photo.uploader.id,
            state=photo.state,
            refusal="broken" if photo.state == "refused" else "",
            uploaded_at=BEFORE,
            width=3,
            height=2,
        )
        for photo in world.photos
    )
    Rendition.objects.bulk_create(
        Rendition(
            photo_id=photo.id,
            name="w480",
            media_type="image/avif",
            width=3,
            height=2,
            stored_bytes=1,
        )
        for photo in world.photos
    )
    Hold.objects.bulk_create(
        [
            Hold(photo_id=photo.id, account_id=person.id, kind=Hold.Kind.ORIGINAL, wrapped=b"key")
            for photo in world.photos
            for person in photo.holders
        ]
        + [
            Hold(
                photo_id=photo.id, account_id=photo.uploader.id, kind=Hold.Kind.SHOWN, wrapped=b"k"
            )
            for photo in world.photos
            if photo.has_key
        ]
    )
    HeldUnseen.objects.bulk_create(
        HeldUnseen(photo_id=photo.id, account_id=person.id, since=BEFORE)
        for photo in world.photos
        for person in photo.closed_for
    )
    Portrait.objects.bulk_create(
        Portrait(account_id=person.id, photo_id=person.portrait.id)
        for person in world.people
        if person.portrait
    )


def _lay_posts(world: World) -> None:
    Post.objects.bulk_create(
        Post(
            id=post.id,
            state=post.state,
            words_for=post.words.audience,
            words_signed_in=post.words.signed_in,
            photographs_for=post.photographs.audience,
            photographs_signed_in=post.photographs.signed_in,
            veiled=post.veiled,
            begun_at=BEFORE,
            kept_at=BEFORE,
            published_at=None if post.state == "draft" else BEFORE,
            taken_back_at=BEFORE if post.state == "taken back" else None,
        )
        for post in world.posts
    )
    Authorship.objects.bulk_create(
        Authorship(post_id=post.id, account_id=author.id, joined_at=BEFORE)
        for post in world.posts
        for author in post.authors
    )
    parts = [(post, 1, post.words) for post in world.posts]
    parts += [(post, 2, post.photographs) for post in world.posts]
    Grant.objects.bulk_create(
        [
            Grant(post_id=post.id, what=what, account_id=person.id)
            for post, what, part in parts
            for person in part.people
        ]
        + [
            Grant(post_id=post.id, what=what, circle_id=circle.id)
            for post, what, part in parts
            for circle in part.circles
        ]
    )
    PlacedPhoto.objects.bulk_create(
        PlacedPhoto(post_id=post.id, photo_id=photo.id, position=position)
        for post in world.posts
        for position, photo in enumerate(post.photos)
    )


def _lay_choices(world: World) -> None:
    during, over = NOW + timedelta(minutes=30), NOW - timedelta(seconds=1)
    Consent.objects.bulk_create(
        [
            Consent(photo_id=photo.id, session_id=visit, ends_at=ends_at)
            for photo in world.photos
            for visits, ends_at in ((photo.chosen_in, during), (photo.chosen_before_in, over))
            for visit in visits
        ]
        + [
            Consent(photo_id=photo.id, account_id=person.id)
            for photo in world.photos
            for person in photo.remembered_by
        ]
    )
