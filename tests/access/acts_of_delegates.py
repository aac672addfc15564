"""What screeners and stewards do for an author, and what each of these acts means."""

from __future__ import annotations

from datetime import timedelta

from beside.archive import steward
from beside.people import delegations
from beside.people.models import Delegation
from tests.access.acts import Meant, NothingToDo, act
from tests.access.acts_on_posts import closed, shown_to_nobody
from tests.access.facts import Fact
from tests.access.scenario import NEAR, Scenario

TERM = timedelta(days=60)


def _are_there(scenario: Scenario) -> object:
    return scenario.find("helps")


@act(weight=2)
def an_author_offers_a_delegation(scenario: Scenario) -> Meant:
    one, other = scenario.one(("rose", "tom")), scenario.one(NEAR)
    if scenario.likely(0.5):
        one, other = scenario.pair()
    role = scenario.one((Delegation.Role.SCREENER, Delegation.Role.STEWARD))
    delegations.offer(scenario.acts(one), scenario.cast[other], role, message="", at=scenario.now)
    there = scenario.find("helps", other, one, str(role))
    if there or one == other or scenario.is_apart(one, other):
        return Meant()
    tells = {(other, "asks you to do this for them", "?")}
    return Meant({("helps", other, one, str(role), "offered")}, tells=tells)


def _a_delegation(scenario: Scenario, *like: str) -> tuple[Fact, Delegation]:
    """Most often one whose fact ends like this."""
    every = sorted(scenario.find("helps"))
    fit = [fact for fact in every if fact[5 - len(like) :] == like]
    if not fit and scenario.likely(0.8):
        raise NothingToDo
    fact = scenario.one(fit if fit and scenario.likely(0.9) else every)
    between = {"delegate": scenario.cast[fact[1]], "author": scenario.cast[fact[2]]}
    return fact, Delegation.objects.get(role=fact[3], ended_at=None, **between)


def _mostly(scenario: Scenario, name: str) -> str:
    return name if scenario.likely(0.65) else scenario.one(NEAR)


@act(weight=4, needs=_are_there)
def a_delegate_signs(scenario: Scenario) -> Meant:
    fact, row = _a_delegation(scenario, "offered")
    by = scenario.acts(_mostly(scenario, fact[1]))
    delegations.sign(row.pk, by=by, at=scenario.now)
    scenario.must(scenario.by == fact[1])
    if fact[4] != "offered":
        return Meant()
    return Meant({(*fact[:4], "signed")}, {fact}, tells={(fact[2], "has signed", "?")})


@act(weight=3, needs=_are_there)
def somebody_ends_a_delegation(scenario: Scenario) -> Meant:
    """Either of the two, alone. The other is told, unless it was an offer that its author took back."""
    fact, row = _a_delegation(scenario)
    by = scenario.acts(_mostly(scenario, scenario.one(fact[1:3])))
    delegations.end(row.pk, by=by, at=scenario.now)
    scenario.must(scenario.by in fact[1:3])
    other = fact[1] if scenario.by == fact[2] else fact[2]
    is_told = scenario.by == fact[1] or fact[4] != "offered"
    tells = {(other, "does it no more", "?")} if is_told else set()
    return Meant(ends={fact}, records={("delegation ended", "?")}, tells=tells)


@act(weight=6, needs=_are_there)
def a_steward_asks_to_act(scenario: Scenario) -> Meant:
    fact, row = _a_delegation(scenario, "signed")
    by = scenario.acts(_mostly(scenario, fact[1]))
    began = delegations.ask_to_act(row.pk, by=by, at=scenario.now)
    scenario.must(scenario.by == fact[1] and fact[3] == "steward" and fact[4] != "offered")
    if not began:
        scenario.must(fact[4] == "asks to act")
        return Meant()
    scenario.must(fact[4] == "signed")
    scenario.acts_from[fact[1], fact[2]] = scenario.now + TERM
    tells = {(fact[2], "the steward would like to act", "?")}
    return Meant({(*fact[:4], "asks to act")}, {fact}, tells=tells)


@act(weight=3, needs=_are_there)
def an_author_says_no_to_the_steward(scenario: Scenario) -> Meant:
    fact, row = _a_delegation(scenario, "asks to act")
    delegations.stop_asking(row.pk, by=scenario.acts(_mostly(scenario, fact[2])))
    scenario.must(scenario.by in fact[1:3])
    if fact[4] != "asks to act":
        return Meant()
    return Meant({(*fact[:4], "signed")}, {fact})


def _asks_to_act(scenario: Scenario) -> bool:
    return any(fact[4] == "asks to act" for fact in scenario.find("helps"))


@act(weight=12, needs=_asks_to_act)
def a_steward_acts(scenario: Scenario) -> Meant:
    """After the term, unless the author said no: on every post of theirs, those with co-authors too."""
    fact, row = _a_delegation(scenario, "asks to act")
    if scenario.acts_from.get(fact[1:3], scenario.now) > scenario.now and scenario.likely(0.3):
        raise NothingToDo
    by = scenario.acts(_mostly(scenario, fact[1]))
    closes = scenario.likely(0.5)
    does = steward.close_everything if closes else steward.show_only_us
    does(row.pk, by=by, at=scenario.now)
    scenario.must(scenario.by == fact[1] and fact[3:] == ("steward", "asks to act"))
    scenario.must(scenario.acts_from[fact[1], fact[2]] <= scenario.now)
    theirs = sorted(scenario.posts_of(fact[2]))
    if closes:
        return closed(scenario, theirs)
    states = ("published", "closed")
    published = [one for one in theirs if any(scenario.find("state", one, is_) for is_ in states)]
    return shown_to_nobody(scenario, published)
