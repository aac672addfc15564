"""Saying that one wants to be found, and showing less of somebody, and what each of these acts means."""

from __future__ import annotations

from beside.finding import directory_entries
from beside.finding.directory_entries import Said
from beside.people import mutes
from tests.access.acts import Meant, act
from tests.access.scenario import NEAR, Scenario

FOUND, LEFT, MUTES = "wants to be found", "not found any more", "mutes"


@act(weight=2)
def somebody_says_that_they_want_to_be_found(scenario: Scenario) -> Meant:
    """It lets people open their page, and shows nobody a letter."""
    who = scenario.one(NEAR)
    directory_entries.save(scenario.acts(who), Said(), at=scenario.now)
    return Meant({(FOUND, who)})


@act(weight=2, narrows=True)
def somebody_is_not_found_any_more(scenario: Scenario) -> Meant:
    fact = scenario.find_one(FOUND, chance=0.8)
    who = fact[1] if fact else scenario.one(NEAR)
    directory_entries.end(scenario.acts(who), at=scenario.now)
    return Meant(ends={(FOUND, who)}, records=[(LEFT, who)])


@act(weight=2)
def somebody_mutes(scenario: Scenario) -> Meant:
    """It takes nothing from either: only lists and notices leave out what the other writes."""
    one, other = scenario.pair()
    mutes.mute(scenario.acts(one), scenario.cast[other], at=scenario.now)
    return Meant({(MUTES, one, other)})


@act(weight=1, needs=lambda scenario: scenario.find(MUTES))
def a_mute_is_ended(scenario: Scenario) -> Meant:
    fact = scenario.find_one(MUTES)
    assert fact is not None
    one, other = fact[1:] if scenario.likely(0.6) else (fact[2], fact[1])
    mutes.end(scenario.acts(one), scenario.cast[other].pk)
    return Meant(ends={(MUTES, one, other)})
