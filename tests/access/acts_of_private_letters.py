"""Private letters between two, what people choose about them, and what each of these acts means.

What those who read first decide about letters is in `acts_of_responses`, as it is the same.
"""

from __future__ import annotations

import uuid

from beside.responses import private_letter_choices, private_letters
from beside.responses.models import ReadFirst, Response, WrittenBy
from tests.access.acts import Meant, act
from tests.access.acts_of_responses import HAS_COME, PASSED_ON, TO_READ, WAITS, Before
from tests.access.scenario import NEAR, Scenario
from tests.responses import plain

NARROWED = "private letters narrowed"


def _chosen(scenario: Scenario, who: str) -> tuple[int, int]:
    return next((fact[2:4] for fact in scenario.find("takes letters", who)), (0, 0))


@act(weight=4)
def somebody_chooses_about_letters(scenario: Scenario) -> Meant:
    level, read = scenario.one((0, 1, 2, 2)), scenario.one((0, 1, 1))
    by = scenario.acts(scenario.one(NEAR))
    private_letter_choices.choose(by, WrittenBy(level), ReadFirst(read), at=scenario.now)
    before, _read = _chosen(scenario, scenario.by)
    records = [(NARROWED, scenario.by, str(level))] if level < before else []
    was = scenario.find("takes letters", scenario.by)
    return Meant({("takes letters", scenario.by, level, read)}, was, records=records)


@act(weight=2)
def somebody_takes_no_more_letters(scenario: Scenario) -> Meant:
    taking = sorted(fact[1] for fact in scenario.find("takes letters") if fact[2])
    by = scenario.acts(scenario.one(taking if taking and scenario.likely(0.8) else NEAR))
    private_letter_choices.end(by, at=scenario.now)
    was = scenario.find("takes letters", scenario.by)
    adds = {("takes letters", scenario.by, 0, fact[3]) for fact in was}
    return Meant(adds, was, records=[(NARROWED, scenario.by, "0")])


@act(weight=9)
def somebody_writes_a_letter(scenario: Scenario) -> Meant:
    before = Before(scenario)
    able = [pair for pair in _pairs() if plain.may_write_to(before.world, *_people(before, pair))]
    who, to = scenario.one(able) if able and scenario.likely(0.8) else scenario.pair()
    key, by = uuid.uuid4(), scenario.acts(who)
    number = len(scenario.responses)
    words = f"What {number} says."
    private_letters.write(key, scenario.cast[to].pk, words, by=by, at=scenario.now)
    scenario.must(plain.may_write_to(before.world, *_people(before, (who, to))))
    scenario.add_response(key)
    if plain.is_passed_on_at_once(before.world, *_people(before, (who, to))):
        adds = {("response", number, to, who, PASSED_ON), ("at once", number)}
        return Meant(adds, tells={(to, HAS_COME, to)})
    tells = {(one, TO_READ, one) for one in before.readers_first(to, who)}
    return Meant({("response", number, to, who, WAITS)}, tells=tells)


def _pairs() -> list[tuple[str, str]]:
    return [(one, other) for one in NEAR for other in NEAR if one != other]


def _people(before: Before, pair: tuple[str, str]):
    return tuple(before.person(name) for name in pair)


def make_letters(scenario: Scenario) -> None:
    """One author takes letters from those who know them; one waits for them, and one was passed on."""
    rose = scenario.cast.rose
    private_letter_choices.choose(rose, WrittenBy.WHO_KNOW_ME, ReadFirst.AUTHORS, at=scenario.now)
    for who, state in (("ada", WAITS), ("ines", PASSED_ON)):
        row = Response.objects.create(
            recipient=rose,
            writer=scenario.cast[who],
            words="Words.",
            state=state,
            sent_at=scenario.now,
            waits_since=scenario.now,
        )
        scenario.add_response(row.pk)
