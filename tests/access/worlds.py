"""Small random worlds of plain objects; `tests.access.world_rows` writes them as rows.

They are crowded, with few people and many ties, so that conditions of the rule meet each other.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

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
    is_suspended: bool = False
    is_moderator: bool = False

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
    """A photograph; its `uploader` is None where that person has closed their account."""

    id: uuid.UUID
    uploader: Person | None
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
    is_suspended: bool = False
    may_be_found: set[Person] = field(default_factory=set)


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
class ALook:
    """A moderator has written down in a session why they look at a post's words, or at a photograph."""

    post: APost
    photo: APhoto | None
    moderator: Person
    visit: str
    is_over: bool


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
    looks: list[ALook] = field(default_factory=list)


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
    for one in (*people, *posts):
        one.is_suspended = _maybe(random, 8)
    for person in people:
        person.is_moderator = _maybe(random, 60)
    for post in posts:
        willing = _some(random, people, 80)
        post.may_be_found = {author for author in post.authors if author in willing}
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
        [_look(random, photos, posts, viewers + dead) for _ in range(random.choice([0, 1, 3]))],
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


def _look(random: Random, photos, posts: list[APost], viewers: list[Looking]) -> ALook:
    """Most often of the viewer whose session it is, and at a photograph of that post."""
    viewer = random.choice([viewer for viewer in viewers if viewer.me])
    post = random.choice(posts)
    lying = post.photos if post.photos and _maybe(random, 85) else photos
    other = random.choice([viewer for viewer in viewers if viewer.visit])
    return ALook(
        post,
        random.choice([None, *lying]),
        viewer.me,
        visit=viewer.visit if _maybe(random, 85) else other.visit,
        is_over=_maybe(random, 15),
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
        uploader=None if _maybe(random, 8) else uploader,
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
