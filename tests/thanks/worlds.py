"""Random worlds of notes of thanks: plain objects, and the rows that say the same."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from beside.people.models import Account, Block, Moderator
from beside.thanks.models import ThankYouNote, Way
from tests.cast import NOW, make_account

NAMES = ("ann", "ben", "cat", "dan")
A_DAY = timedelta(days=1)


@dataclass(eq=False)
class APerson:
    name: str
    is_active: bool
    is_suspended: bool
    is_host: bool
    has_accepted: bool | None
    id: uuid.UUID = field(default_factory=uuid.uuid4)


@dataclass(eq=False)
class ANote:
    author: APerson
    way: str
    has_code: bool
    is_ended: bool
    is_answered: bool
    is_over: bool
    is_handed_over: bool
    id: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def is_with_team(self) -> bool:
        return self.way == Way.TEAM


@dataclass
class NoteWorld:
    people: list[APerson]
    blocks: set[tuple[APerson, APerson]]
    notes: list[ANote]


def imagine(random: Random) -> NoteWorld:
    def seldom() -> bool:
        return random.random() < 0.2

    people = [
        APerson(
            name,
            is_active=not seldom(),
            is_suspended=seldom(),
            is_host=random.random() < 0.3,
            has_accepted=random.choice((None, False, True, True)),
        )
        for name in NAMES
    ]
    blocks = {(one, other) for one in people for other in people if one is not other and seldom()}
    return NoteWorld(people, blocks, [_note(random, people) for _ in range(random.randint(1, 6))])


def lay_down(world: NoteWorld) -> dict[uuid.UUID, Account]:
    """Write the world as rows; returns the accounts by their ids."""
    accounts = {}
    for one in world.people:
        suspended = NOW if one.is_suspended else None
        accounts[one.id] = make_account(
            one.name,
            pk=one.id,
            is_active=one.is_active,
            suspended_at=suspended,
            is_host=one.is_host,
        )
        if one.has_accepted is not None:
            accepted_at = NOW if one.has_accepted else None
            Moderator.objects.create(
                account_id=one.id, named_by_id=one.id, named_at=NOW, accepted_at=accepted_at
            )
    for one, other in world.blocks:
        Block.objects.create(blocker_id=one.id, blocked_id=other.id, at=NOW)
    ThankYouNote.objects.bulk_create(_row(note) for note in world.notes)
    return accounts


def _note(random: Random, people: list[APerson]) -> ANote:
    way = random.choice(("", *Way.values, Way.TEAM))
    is_teams = way == Way.TEAM
    return ANote(
        random.choice(people),
        way,
        has_code=way in (Way.LINK, Way.PRINT) or (is_teams and random.random() < 0.6),
        is_ended=bool(way) and random.random() < 0.2,
        is_answered=bool(way) and random.random() < 0.2,
        is_over=random.random() < 0.2,
        is_handed_over=is_teams and random.random() < 0.3,
    )


def _row(note: ANote) -> ThankYouNote:
    ends_at = (NOW if note.is_over else NOW + A_DAY) if note.has_code else None
    return ThankYouNote(
        pk=note.id,
        author_id=note.author.id,
        written_at=NOW,
        way=note.way,
        sent_at=NOW if note.way else None,
        code_digest=note.id.bytes * 2 if note.has_code else None,
        ends_at=ends_at,
        ended_at=NOW if note.is_ended else None,
        answered_at=NOW if note.is_answered else None,
        handed_over_at=NOW if note.is_handed_over else None,
    )
