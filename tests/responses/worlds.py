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
class ALetterChoice:
    """What somebody has chosen about private letters. `authors_read` is whether they read them first themselves."""

    level: int
    authors_read: bool
    is_paused: bool = False


@dataclass(eq=False)
class AResponse:
    """To the authors of a post, or to one recipient; without a writer if somebody wrote without an account."""

    id: uuid.UUID
    post: APost | None
    writer: Person | None
    state: str
    is_shown: bool
    is_only_for_authors: bool
    recipient: Person | None = None
    has_pen_name: bool = False
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
    letter_choices: dict[Person, ALetterChoice] = field(default_factory=dict)


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
        [
            _in_hands(
                random.choice((_response, _response, _letter, _letter))(random, world),
                random,
                world,
            )
            for _ in range(random.randint(1, 8))
        ],
        {
            person: ALetterChoice(
                random.choice([0, 1, 1, 2, 2]), random.random() < 0.7, random.random() < 0.2
            )
            for person in people
            if random.random() < 0.8
        },
    )


def _screening(random: Random, world: World) -> set[tuple[Person, Person]]:
    if random.random() < 0.4:
        return set()
    drawn = [(random.choice(world.people), random.choice(world.people)) for _ in range(2)]
    return {(author, delegate) for author, delegate in drawn if author is not delegate}


def _response(random: Random, world: World) -> AResponse:
    state = random.choice((*STATES, *WORDLESS))
    is_only_for_authors = random.random() < 0.3
    return AResponse(
        uuid.uuid4(),
        random.choice(world.posts),
        random.choice(world.people),
        state,
        is_shown=state == "passed on" and not is_only_for_authors and random.random() < 0.7,
        is_only_for_authors=is_only_for_authors,
        has_pen_name=state not in WORDLESS and random.random() < 0.2,
    )


def _in_hands(response: AResponse, random: Random, world: World) -> AResponse:
    """It may be in somebody's hand, or looked at by moderators."""
    if response.state == "waiting":
        response.in_hand_of = random.choice([None, *world.people])
    visits = [(one.visit, one.me) for one in world.viewers if one.visit and one.me]
    response.looked_at_in = {one for one in visits if random.random() < 0.4}
    response.looked_at_before_in = {one for one in visits if random.random() < 0.2}
    return response


def _letter(random: Random, world: World) -> AResponse:
    """A private letter; some of them from somebody without an account."""
    recipient = random.choice(world.people)
    others = [person for person in world.people if person is not recipient]
    return AResponse(
        uuid.uuid4(),
        None,
        None if random.random() < 0.2 else random.choice(others),
        random.choice((*STATES, *WORDLESS)),
        is_shown=False,
        is_only_for_authors=False,
        recipient=recipient,
    )
