"""Small random worlds: first plain objects, then rows.

They are crowded, with few people and many ties, so that conditions of the rule meet each other.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from beside.access.models import AccessRequest, Admission, Ban, Consent
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
    HiddenPhoto,
    Hold,
    KeyEpoch,
    Photo,
    Portrait,
    Rendition,
)
from beside.posts.models import (
    Authorship,
    Grant,
    PlacedPhoto,
    Post,
    ShareLink,
    ShareLinkApproval,
    ShareLinkDevice,
)

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
    address: str = ""

    @property
    def email(self) -> str:
        return self.address or f"{self.id.hex}@Home.example"


@dataclass(eq=False)
class ACircle:
    id: uuid.UUID
    owner: Person
    members: set[Person]
    from_now_on: dict[Person, datetime]


@dataclass(eq=False)
class Part:
    """The audience of a post's words, or of its photographs."""

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
    hidden_for: set[Person]
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
    door_is_shared: bool
    published_at: datetime


@dataclass(eq=False)
class AnAdmission:
    """Somebody was admitted at a post's door; `by` are its authors at that time."""

    post: APost
    person: Person
    is_shared: bool
    by: set[Person]


@dataclass(eq=False)
class ALink:
    """A link for one person, the sessions in which it was opened, and those that wait for its maker."""

    id: uuid.UUID
    post: APost
    maker: Person
    with_photographs: bool
    yeses: set[Person]
    is_ended: bool
    is_over: bool
    opened_in: set[str]
    waiting_in: set[str]


@dataclass(eq=False)
class Looking:
    """A viewer, in a session or without one."""

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
    admissions: list[AnAdmission]
    asking: set[tuple[Person, APost]]
    banned: set[tuple[Person, Person]]
    banned_addresses: set[tuple[Person, str]]
    links: list[ALink]


def imagine(random: Random) -> World:
    """A world. The same `random` gives the same world but for its ids, as nothing is drawn in the order of a set."""
    people = [_person(random) for _ in range(random.randint(2, 5))]
    for person in people[1:]:
        person.invited_by = random.choice([None, None, people[0]])
    circles = [
        ACircle(
            uuid.uuid4(),
            random.choice(people),
            members=_some(random, people, 50),
            from_now_on=dict.fromkeys(_some(random, people), BEFORE),
        )
        for _ in range(random.randint(0, 2))
    ]
    viewers = [Looking(person, f"visit-{person.id.hex}") for person in people]
    viewers += [Looking(None, None), Looking(None, "visit-of-nobody")]
    dead = [Looking(random.choice(people), "visit-that-ended", is_dead=True)]
    loose = [_photo(random, people, viewers) for _ in range(random.randint(0, 2))]
    posts = [_post(random, people, circles, viewers) for _ in range(random.randint(1, 3))]
    if len(posts) > 1 and _maybe(random, 40):
        _write_another_behind_a_door(posts[0], posts[1])
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
        _admissions(random, people, posts),
        {(random.choice(people), random.choice(posts)) for _ in range(random.randint(0, 2))},
        _pairs(random, people, random.choice([0, 1, 1, 2])),
        {
            (one, other.email.lower())
            for one, other in _pairs(random, people, random.choice([0, 1, 1, 2]))
        },
        [_link(random, people, posts, viewers + dead) for _ in range(random.choice([0, 1, 2]))],
    )


def _write_another_behind_a_door(one: APost, other: APost) -> None:
    """Have the same authors write twice: only then can an admission cover another post."""
    other.authors, other.state = set(one.authors), "published"
    other.words.audience = 2
    other.photographs.audience = min(other.photographs.audience, 2)


def _admissions(random: Random, people: list[Person], posts: list[APost]) -> list[AnAdmission]:
    drawn = [(random.choice(posts), random.choice(people)) for _ in range(random.randint(0, 6))]
    return [
        AnAdmission(
            post,
            person,
            is_shared=_maybe(random, 80),
            by=set(post.authors) if _maybe(random, 70) else _some(random, people, 40),
        )
        for post, person in dict.fromkeys(drawn)
    ]


def _link(random: Random, people, posts: list[APost], viewers: list[Looking]) -> ALink:
    post = random.choice(posts)
    visits = [viewer.visit for viewer in viewers if viewer.visit]
    opened_in = _some(random, visits, 40)
    return ALink(
        uuid.uuid4(),
        post,
        maker=random.choice(people),
        with_photographs=_maybe(random, 60),
        yeses=set(post.authors) if _maybe(random, 75) else _some(random, people, 40),
        is_ended=_maybe(random, 15),
        is_over=_maybe(random, 15),
        opened_in=opened_in,
        waiting_in=_some(random, visits, 15) - opened_in,
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
        hidden_for=_some(random, people, 10),
        remembered_by=_some(random, people, 12),
    )
    visits = [viewer.visit for viewer in viewers if viewer.visit]
    photo.chosen_in = _some(random, visits, 30)
    photo.chosen_before_in = _some(random, visits, 15) - photo.chosen_in
    return photo


def _part(random: Random, people, circles, *, most: int) -> Part:
    return Part(
        audience=min(most, random.choice([0, 1, 1, 1, 2, 2, 2, 3, 3])),
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
        door_is_shared=_maybe(random, 60),
        published_at=random.choice([BEFORE, BEFORE - timedelta(seconds=1)]),
    )


def lay_down(world: World) -> None:
    """Write the world as rows, with one statement a table."""
    _lay_people(world)
    _lay_ties(world)
    _lay_photos(world)
    _lay_posts(world)
    _lay_choices(world)
    _lay_doors(world)
    _lay_links(world)


def _lay_people(world: World) -> None:
    Account.objects.bulk_create(
        Account(
            id=person.id,
            email=person.email,
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
        Membership(
            circle_id=circle.id,
            account_id=person.id,
            added_at=BEFORE,
            from_now_on=person in circle.from_now_on,
        )
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
    HiddenPhoto.objects.bulk_create(
        HiddenPhoto(photo_id=photo.id, account_id=person.id, since=BEFORE)
        for photo in world.photos
        for person in photo.hidden_for
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
            door_is_shared=post.door_is_shared,
            begun_at=BEFORE,
            kept_at=BEFORE,
            published_at=None if post.state == "draft" else post.published_at,
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
    # The consents in a world must outlast a long run.
    during, over = LATER, NOW - timedelta(seconds=1)
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


def _lay_doors(world: World) -> None:
    rows = [
        Admission(
            post_id=admission.post.id,
            account_id=admission.person.id,
            is_shared=admission.is_shared,
            admitted_at=BEFORE,
        )
        for admission in world.admissions
    ]
    Admission.objects.bulk_create(rows)
    through = Admission.by.through
    through.objects.bulk_create(
        through(admission_id=row.pk, account_id=author.id)
        for row, admission in zip(rows, world.admissions, strict=True)
        for author in admission.by
    )
    AccessRequest.objects.bulk_create(
        AccessRequest(post_id=post.id, asker_id=person.id, asked_at=BEFORE, lapses_at=LATER)
        for person, post in world.asking
    )
    Ban.objects.bulk_create(
        [
            Ban(keeper_id=keeper.id, account_id=person.id, since=BEFORE)
            for keeper, person in world.banned
        ]
        + [
            Ban(keeper_id=keeper.id, address=address, since=BEFORE)
            for keeper, address in world.banned_addresses
        ]
    )


def _lay_links(world: World) -> None:
    ShareLink.objects.bulk_create(
        ShareLink(
            id=link.id,
            post_id=link.post.id,
            maker_id=link.maker.id,
            name="Someone",
            with_photographs=link.with_photographs,
            secret_digest=link.id.bytes,
            made_at=BEFORE,
            ends_at=NOW - timedelta(seconds=1) if link.is_over else LATER,
            ended_at=BEFORE if link.is_ended else None,
        )
        for link in world.links
    )
    ShareLinkApproval.objects.bulk_create(
        ShareLinkApproval(link_id=link.id, account_id=person.id, at=BEFORE)
        for link in world.links
        for person in link.yeses
    )
    ShareLinkDevice.objects.bulk_create(
        ShareLinkDevice(
            link_id=link.id,
            session_id=visit,
            opened_at=BEFORE,
            allowed_at=None if visit in link.waiting_in else BEFORE,
        )
        for link in world.links
        for visit in link.opened_in | link.waiting_in
    )
