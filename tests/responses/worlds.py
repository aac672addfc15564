"""Random worlds of letters (`tests.access.worlds`), with choices, responses and people who read first."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from random import Random

from tests.access import worlds as letters
from tests.access.worlds import APost, Person, World

STATES = ("waiting", "waiting", "passed on", "passed on", "passed on", "the authors are asked")
WORDLESS = ("declined", "sealed")


@dataclass(eq=False)
class AChoice:
    """What one author has chosen for one letter."""

    level: int
    authors_read: bool


@dataclass(eq=False)
class AResponse:
    id: uuid.UUID
    post: APost
    writer: Person
    state: str
    is_shown: bool
    is_only_for_authors: bool
    in_hand_of: Person | None = None
    # The sessions of moderators who look at it, and of those whose looks are over.
    looked_at_in: set[tuple[str, Person]] = field(default_factory=set)
    looked_at_before_in: set[tuple[str, Person]] = field(default_factory=set)


@dataclass(eq=False)
class ResponseWorld:
    """`screening` are pairs of an author and somebody who reads first for them, both having signed."""

    letters: World
    choices: dict[tuple[APost, Person], AChoice]
    paused: set[APost]
    screening: set[tuple[Person, Person]]
    quiet: set[Person]
    responses: list[AResponse]


def imagine(random: Random) -> ResponseWorld:
    """A world. The same `random` gives the same world but for its ids."""
    world = letters.imagine(random)
    people = world.people
    choices = {
        (post, author): AChoice(random.choice([0, 1, 2, 2, 3, 3]), random.random() < 0.7)
        for post in world.posts
        for author in people
        if author in post.authors and random.random() < 0.9
    }
    return ResponseWorld(
        world,
        choices,
        {post for post in world.posts if random.random() < 0.15},
        _screening(random, world),
        {person for person in people if random.random() < 0.15},
        [_response(random, world) for _ in range(random.randint(1, 6))],
    )


def _screening(random: Random, world: World) -> set[tuple[Person, Person]]:
    if random.random() < 0.4:
        return set()
    drawn = [(random.choice(world.people), random.choice(world.people)) for _ in range(2)]
    return {(author, delegate) for author, delegate in drawn if author is not delegate}


def _response(random: Random, world: World) -> AResponse:
    state = random.choice((*STATES, *WORDLESS))
    is_only_for_authors = random.random() < 0.3
    visits = [(one.visit, one.me) for one in world.viewers if one.visit and one.me]
    post = random.choice(world.posts)
    return AResponse(
        uuid.uuid4(),
        post,
        random.choice(world.people),
        state,
        is_shown=state == "passed on" and not is_only_for_authors and random.random() < 0.7,
        is_only_for_authors=is_only_for_authors,
        in_hand_of=random.choice([None, *world.people]) if state == "waiting" else None,
        looked_at_in={one for one in visits if random.random() < 0.4},
        looked_at_before_in={one for one in visits if random.random() < 0.2},
    )
