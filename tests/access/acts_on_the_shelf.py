"""Letting a letter be found on the open shelf, and what each of these acts means."""

from __future__ import annotations

from beside.finding import shelf
from tests.access.acts import Meant, act
from tests.access.scenario import Scenario

FOUND, LEFT = "may be found", "taken off the shelf"
OFFERED = "being found would need your yes"


@act(weight=2)
def an_author_lets_it_be_found(scenario: Scenario) -> Meant:
    """It shows nobody more: who finds it there may read it anyway."""
    post = scenario.a_post()
    by = scenario.somebody_of(post)
    shelf.allow(scenario.row(post), by=by, at=scenario.now)
    scenario.must(scenario.by in scenario.authors(post))
    said = {fact[2] for fact in scenario.find(FOUND, post)} | {scenario.by}
    if scenario.find(FOUND, post, scenario.by):
        return Meant()
    tells = {(one, OFFERED, post) for one in scenario.authors(post) - said}
    return Meant({(FOUND, post, scenario.by)}, tells=tells)


@act(weight=2, narrows=True)
def an_author_takes_it_off_the_shelf(scenario: Scenario) -> Meant:
    post = scenario.a_post()
    by = scenario.somebody_of(post)
    shelf.end(scenario.row(post), by=by, at=scenario.now)
    scenario.must(scenario.by in scenario.authors(post))
    # The log names the post and the author in the order of their keys.
    return Meant(ends={(FOUND, post, scenario.by)}, records=[(LEFT, scenario.by, post)])
