"""Families: what their keepers do, and those who are named in them, and what each of these acts means."""

from __future__ import annotations

import uuid

from beside.family import families, family_members, timeline_entries
from beside.family.families import Seen
from beside.family.models import FamilyAudience
from beside.family.timeline_entries import NOT_UNDERSTOOD, EntryText
from tests.access.acts import Meant, NothingToDo, act
from tests.access.facts import Fact
from tests.access.scenario import NEAR, READERS, Scenario

NARROWED, LEFT, ENTRY_ENDED = "family narrowed", "taken off a family", "family entry ended"
NAMED = "named you in their family"
KEEPERS = ("rose", "tom")
ONLY_US, PEOPLE = int(FamilyAudience.ONLY_US), int(FamilyAudience.PEOPLE)


def _about(scenario: Scenario, keeper: str) -> set[Fact]:
    return scenario.find("family", keeper) | scenario.find("family named", keeper)


def _named(scenario: Scenario, keeper: str) -> set[str]:
    return {fact[2] for fact in scenario.find("family named", keeper)}


def _audience(scenario: Scenario, keeper: str) -> int:
    return next((fact[2] for fact in scenario.find("family", keeper)), ONLY_US)


@act(weight=4)
def a_keeper_says_who_sees_the_family(scenario: Scenario) -> Meant:
    keeper = scenario.one(KEEPERS)
    likely = scenario.likely(0.6)
    audience = FamilyAudience.PEOPLE if likely else scenario.one(FamilyAudience)
    people = {one for one in (*READERS, keeper) if scenario.likely(0.4)}
    circles = {"family"} if scenario.likely(0.5) else set()
    seen = Seen(
        audience,
        frozenset(scenario.cast[one].pk for one in people),
        frozenset({scenario.circle.pk} if circles else ()),
    )
    families.choose(scenario.acts(keeper), seen, at=scenario.now)
    # Nobody names themselves, or somebody else's circle.
    named = (people - {keeper}) | (circles if keeper == "rose" else set())
    named = named if audience == PEOPLE else set()
    scenario.must(audience != PEOPLE or bool(named))
    adds: set[Fact] = {("family", keeper, int(audience), False)}
    adds |= {("family named", keeper, one) for one in named}
    before, was = _named(scenario, keeper), _audience(scenario, keeper)
    both = was == PEOPLE and audience == PEOPLE
    takes_away = bool(before - named) if both else audience < was
    records = [(NARROWED, "?")] if takes_away else []
    return Meant(adds, _about(scenario, keeper) - adds, records=records)


@act(weight=2)
def a_keeper_closes_the_family(scenario: Scenario) -> Meant:
    keeper = scenario.one(KEEPERS)
    families.close(scenario.acts(keeper), at=scenario.now)
    (fact,) = scenario.find("family", keeper) or {None}
    if fact is None or fact[3] or fact[2] == ONLY_US:
        return Meant()
    return Meant({(*fact[:3], True)}, {fact}, records=[(NARROWED, "?")])


@act(weight=4)
def a_keeper_writes_an_entry(scenario: Scenario) -> Meant:
    post = scenario.a_post() if scenario.likely(0.7) else None
    keeper, key = scenario.one(KEEPERS), uuid.uuid4()
    _keep(scenario, key, keeper, post)
    scenario.add_entry(key)
    of = post if post is not None and keeper in scenario.authors(post) else None
    adds: set[Fact] = {("family entry", len(scenario.entries) - 1, keeper, of, of is not None)}
    return Meant(adds | _begun(scenario, keeper))


@act(weight=3, needs=lambda scenario: scenario.find("family entry"))
def somebody_changes_the_letter_of_an_entry(scenario: Scenario) -> Meant:
    fact, key = _an_entry(scenario)
    _kind, number, keeper, of, of_letter = fact
    post = scenario.a_post() if scenario.likely(0.7) else None
    _keep(scenario, key, scenario.by, post)
    scenario.must(scenario.by == keeper)
    if post == of:
        return Meant()
    becomes = post if post is not None and keeper in scenario.authors(post) else None
    now = (*fact[:3], becomes, becomes is not None)
    records = [(ENTRY_ENDED, number)] if becomes is not None and not of_letter else []
    return Meant({now}, {fact} - {now}, records=records)


@act(weight=2, needs=lambda scenario: scenario.find("family entry"))
def somebody_puts_an_entry_away(scenario: Scenario) -> Meant:
    fact, key = _an_entry(scenario)
    timeline_entries.put_away(key, by=scenario.cast[scenario.by], at=scenario.now)
    scenario.must(scenario.by == fact[2])
    return Meant({("family entry away", fact[1])}, records=[(ENTRY_ENDED, fact[1])])


@act(weight=1, needs=lambda scenario: scenario.find("family entry"))
def somebody_takes_an_entry_out_again(scenario: Scenario) -> Meant:
    fact, key = _an_entry(scenario)
    timeline_entries.take_out(key, by=scenario.cast[scenario.by], at=scenario.now)
    scenario.must(scenario.by == fact[2])
    return Meant(ends={("family entry away", fact[1])})


@act(weight=3)
def a_keeper_names_somebody(scenario: Scenario) -> Meant:
    keeper, who = scenario.pair()
    account, key = scenario.cast[who], uuid.uuid4()
    family_members.add(scenario.acts(keeper), key, "Somebody", at=scenario.now, account=account)
    there = {fact for fact in scenario.find("family member") if fact[2:4] == (keeper, who)}
    if there:
        return Meant()
    scenario.add_member(key)
    number = len(scenario.members) - 1
    asked = None if scenario.is_apart(keeper, who) else who
    adds: set[Fact] = {("family member", number, keeper, asked, False)}
    tells = {(who, NAMED, number)} if asked else set()
    return Meant(adds | _begun(scenario, keeper), tells=tells)


@act(weight=3, needs=lambda scenario: scenario.find("family member"))
def somebody_takes_themselves_off(scenario: Scenario) -> Meant:
    fact = scenario.find_one("family member")
    assert fact is not None
    _kind, number, _keeper, who, is_off = fact
    scenario.acts(who if who and scenario.likely(0.8) else scenario.one(NEAR))
    key = scenario.members[number]
    family_members.take_off(key, by=scenario.cast[scenario.by], at=scenario.now)
    scenario.must(scenario.by == who and not is_off)
    return Meant({(*fact[:4], True)}, {fact}, records=[(LEFT, number)])


def _an_entry(scenario: Scenario) -> tuple[Fact, uuid.UUID]:
    """One of them; most often its keeper acts, and otherwise anybody."""
    fact = scenario.find_one("family entry")
    if fact is None:
        raise NothingToDo
    scenario.acts(fact[2] if scenario.likely(0.8) else scenario.one(NEAR))
    return fact, scenario.entries[fact[1]]


def _keep(scenario: Scenario, key: uuid.UUID, keeper: str, post: int | None) -> None:
    of = None if post is None else scenario.posts[post].pk
    text = EntryText("", "A day", post=of)
    timeline_entries.keep(key, text, NOT_UNDERSTOOD, by=scenario.acts(keeper), at=scenario.now)


def _begun(scenario: Scenario, keeper: str) -> set[Fact]:
    """A family begins with the first thing that its keeper does."""
    return set() if scenario.find("family", keeper) else {("family", keeper, ONLY_US, False)}


def make_families(scenario: Scenario) -> None:
    """One author's family is for their circle and one reader, with an entry of a letter, and somebody named in it."""
    rose, circle = scenario.cast.rose, scenario.circle
    seen = Seen(FamilyAudience.PEOPLE, frozenset({scenario.cast.ada.pk}), frozenset({circle.pk}))
    families.choose(rose, seen, at=scenario.now)
    for post in (0, 1):
        key = uuid.uuid4()
        _keep(scenario, key, "rose", post)
        scenario.add_entry(key)
    key = uuid.uuid4()
    family_members.add(rose, key, "Tom", at=scenario.now, account=scenario.cast.tom)
    scenario.add_member(key)


def leave(scenario: Scenario, who: str) -> tuple[set[Fact], set[Fact], list[Fact]]:
    """What begins, ends and is logged when somebody closes their account."""
    ends = {fact for fact in scenario.find("family member") if fact[3] == who and not fact[4]}
    adds = {(*fact[:4], True) for fact in ends}
    records = [(LEFT, fact[1]) for fact in ends]
    if who == "rose":
        ends |= scenario.find("family named", "rose", "family")
    return adds, ends, records
