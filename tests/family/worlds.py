"""Random worlds of families: plain objects, and the rows that say the same."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from beside.family.models import Family, FamilyGrant, FamilyMember, TimelineEntry
from beside.people.models import Account, Block, Circle, DirectoryEntry, Membership
from beside.posts.models import Audience, Post
from tests.cast import NOW, make_account, make_post
from tests.family import plain

NAMES = ("ann", "ben", "cat", "dan")
EARLIER, LATER = NOW - timedelta(days=9), NOW - timedelta(days=3)
SHARED = NOW - timedelta(days=6)


@dataclass(eq=False)
class APerson:
    name: str
    is_active: bool
    is_suspended: bool
    is_findable: bool
    id: uuid.UUID = field(default_factory=uuid.uuid4)


@dataclass(eq=False)
class ACircle:
    members: set[APerson]
    from_now_on: dict[APerson, object]
    id: uuid.UUID = field(default_factory=uuid.uuid4)


@dataclass(eq=False)
class AFamily:
    keeper: APerson
    audience: int
    people: set[APerson]
    circles: list[ACircle]
    is_closed: bool
    openers: set[APerson] = field(default_factory=set)
    shared_at: object = SHARED
    id: uuid.UUID = field(default_factory=uuid.uuid4)


@dataclass(eq=False)
class AMember:
    family: AFamily
    is_off: bool
    id: uuid.UUID = field(default_factory=uuid.uuid4)


@dataclass(eq=False)
class AnEntry:
    family: AFamily
    members: set[AMember]
    is_put_away: bool
    of_letter: bool
    # Those whom the letter is for; None if its row is gone.
    letter_for: set[APerson] | None
    letter_is_closed: bool
    letter_readers: set[APerson] = field(default_factory=set)
    id: uuid.UUID = field(default_factory=uuid.uuid4)


@dataclass
class FamilyWorld:
    people: list[APerson]
    blocks: set[tuple[APerson, APerson]]
    family: AFamily
    members: list[AMember]
    entries: list[AnEntry]


def imagine(random: Random) -> FamilyWorld:
    def likely(share: float = 0.2) -> bool:
        return random.random() < share

    people = [
        APerson(name, is_active=not likely(0.1), is_suspended=likely(0.1), is_findable=likely(0.8))
        for name in NAMES
    ]
    blocks = {
        (one, other) for one in people for other in people if one is not other and likely(0.08)
    }
    keeper, *others = people
    circle = ACircle({one for one in others if likely(0.5)}, {})
    circle.from_now_on = {
        one: random.choice((EARLIER, LATER)) for one in circle.members if likely(0.5)
    }
    family = AFamily(
        keeper,
        random.choice((plain.ONLY_US, plain.PEOPLE, plain.PEOPLE, plain.ANYONE)),
        {one for one in others if likely(0.4)},
        [circle] if likely(0.7) else [],
        is_closed=likely(0.15),
    )
    members = [AMember(family, is_off=likely(0.3)) for _ in range(2)]
    entries = [_entry(random, family, members, others) for _ in range(4)]
    world = FamilyWorld(people, blocks, family, members, entries)
    family.openers = {one for one in people if _may_open(world, one, keeper)}
    for entry in entries:
        entry.letter_readers = {one for one in people if _reads(world, one, entry)}
    return world


def _entry(random: Random, family: AFamily, members: list[AMember], others) -> AnEntry:
    of_letter = random.random() < 0.5
    there = of_letter and random.random() < 0.8
    return AnEntry(
        family,
        {one for one in members if random.random() < 0.3},
        is_put_away=random.random() < 0.2,
        of_letter=of_letter,
        letter_for={one for one in others if random.random() < 0.5} if there else None,
        letter_is_closed=random.random() < 0.2,
    )


def _may_open(world: FamilyWorld, one: APerson, keeper: APerson) -> bool:
    """The page of somebody who is found by all, is in a circle with one, or has written for one."""
    if one is keeper:
        return keeper.is_active
    in_a_circle = any(one in circle.members for circle in world.family.circles)
    wrote = any(
        entry.letter_for is not None and one in entry.letter_for and not entry.letter_is_closed
        for entry in world.entries
    )
    known = keeper.is_findable or in_a_circle or wrote
    suspended = one.is_suspended or keeper.is_suspended
    return keeper.is_active and known and not plain.are_apart(world, one, keeper) and not suspended


def _reads(world: FamilyWorld, one: APerson, entry: AnEntry) -> bool:
    keeper = entry.family.keeper
    if entry.letter_for is None:
        return False
    if one is keeper:
        return True
    return (
        not entry.letter_is_closed
        and one in entry.letter_for
        and not plain.are_apart(world, one, keeper)
        and not (one.is_suspended or keeper.is_suspended)
    )


def lay_down(world: FamilyWorld) -> dict[uuid.UUID, Account]:
    """Write the world as rows; returns the accounts by their ids."""
    accounts = {}
    for one in world.people:
        accounts[one.id] = make_account(
            one.name,
            pk=one.id,
            is_active=one.is_active,
            suspended_at=NOW if one.is_suspended else None,
        )
        if one.is_findable:
            DirectoryEntry.objects.create(account_id=one.id, said_on=NOW.date())
    for one, other in world.blocks:
        Block.objects.create(blocker_id=one.id, blocked_id=other.id, at=NOW)
    family = world.family
    Family.objects.create(
        pk=family.id,
        keeper_id=family.keeper.id,
        audience=family.audience,
        begun_at=NOW,
        shared_at=family.shared_at,
        closed_at=NOW if family.is_closed else None,
    )
    for circle in family.circles:
        _circle(family, circle)
    FamilyGrant.objects.bulk_create(
        FamilyGrant(family_id=family.id, account_id=one.id) for one in family.people
    )
    FamilyMember.objects.bulk_create(
        FamilyMember(
            pk=one.id,
            family_id=family.id,
            name="Liv",
            added_at=NOW,
            taken_off_at=NOW if one.is_off else None,
        )
        for one in world.members
    )
    for entry in world.entries:
        _lay_entry(entry, accounts)
    return accounts


def _circle(family: AFamily, circle: ACircle) -> None:
    Circle.objects.create(pk=circle.id, owner_id=family.keeper.id, name="Family")
    for one in circle.members:
        Membership.objects.create(
            circle_id=circle.id,
            account_id=one.id,
            added_at=circle.from_now_on.get(one, LATER),
            from_now_on=one in circle.from_now_on,
        )
    FamilyGrant.objects.create(family_id=family.id, circle_id=circle.id)


def _lay_entry(entry: AnEntry, accounts: dict[uuid.UUID, Account]) -> None:
    post = None
    if entry.letter_for is not None:
        readers = [accounts[one.id] for one in entry.letter_for]
        state = Post.State.CLOSED if entry.letter_is_closed else Post.State.PUBLISHED
        words_for = readers or Audience.ONLY_US
        post = make_post(accounts[entry.family.keeper.id], words_for=words_for, state=state)
    row = TimelineEntry.objects.create(
        pk=entry.id,
        family_id=entry.family.id,
        heading="A day",
        of_letter=entry.of_letter,
        post=post,
        put_away_at=NOW if entry.is_put_away else None,
        written_at=NOW,
    )
    row.members.set([one.id for one in entry.members])
