"""Notes of thanks: what their authors and the team do with them, and what each of these acts means."""

from __future__ import annotations

import uuid

from beside.responses.models import ReadFirst
from beside.thanks import hand_overs, thank_you_notes
from beside.thanks.models import Way
from beside.thanks.thank_you_notes import NoteText, Sending
from tests.access.acts import Meant, NothingToDo, act
from tests.access.facts import Fact
from tests.access.scenario import NEAR, Scenario

ENDED, DELETED = "thank-you note ended", "thank-you note deleted"
TO_HAND_OVER = "a note waits for the team"


def _number(scenario: Scenario) -> int:
    return len(scenario.notes)


def _are_there(scenario: Scenario) -> object:
    return scenario.find("note")


def _a_note(scenario: Scenario, *, by_its_author: float = 0.6) -> tuple[Fact, uuid.UUID]:
    """One of them; most often its author acts, and otherwise anybody."""
    fact = scenario.find_one("note")
    if fact is None:
        raise NothingToDo
    scenario.acts(fact[2] if scenario.likely(by_its_author) else scenario.one((*NEAR, "marit")))
    return fact, scenario.notes[fact[1]]


def _facts_of(scenario: Scenario, number: int) -> set[Fact]:
    kinds = ("note", "note has a code", "note ended", "note handed over")
    return {fact for kind in kinds for fact in scenario.find(kind, number)}


def _has_ended(scenario: Scenario, number: int) -> bool:
    return bool(scenario.find("note ended", number))


@act(weight=4)
def somebody_sends_a_note(scenario: Scenario) -> Meant:
    key, way, number = uuid.uuid4(), scenario.one(Way), _number(scenario)
    by = scenario.acts(scenario.one(NEAR))
    sending = Sending(way, ReadFirst.AUTHORS)
    thank_you_notes.send(key, NoteText("Ingrid", "Words.", ""), sending, by=by, at=scenario.now)
    scenario.add_note(key)
    adds: set[Fact] = {("note", number, scenario.by, str(way))}
    if way != Way.TEAM:
        adds.add(("note has a code", number))
    if not scenario.find("takes letters", scenario.by) and not _has_screener(scenario):
        adds.add(("takes letters", scenario.by, 0, 1))
    tells = {("marit", TO_HAND_OVER, number)} if way == Way.TEAM else set()
    return Meant(adds, tells=tells)


def _has_screener(scenario: Scenario) -> bool:
    helps = scenario.find("helps")
    return any(fact[2:] == (scenario.by, "screener", "signed") for fact in helps)


@act(weight=2, needs=_are_there)
def somebody_ends_a_note(scenario: Scenario) -> Meant:
    (_note, number, author, _way), key = _a_note(scenario)
    thank_you_notes.end(key, by=scenario.cast[scenario.by], at=scenario.now)
    scenario.must(scenario.by == author)
    if _has_ended(scenario, number):
        return Meant()
    return Meant({("note ended", number)}, records=[(ENDED, number)])


@act(weight=2, needs=_are_there)
def somebody_gives_a_note_another_code(scenario: Scenario) -> Meant:
    (_note, number, author, way), key = _a_note(scenario)
    thank_you_notes.renew(key, by=scenario.cast[scenario.by], at=scenario.now)
    scenario.must(scenario.by == author and way != Way.TEAM)
    scenario.must(not _has_ended(scenario, number))
    return Meant(records=[(ENDED, number)])


@act(weight=1, needs=_are_there)
def somebody_deletes_a_note(scenario: Scenario) -> Meant:
    (_note, number, author, _way), key = _a_note(scenario)
    thank_you_notes.delete(key, by=scenario.cast[scenario.by], at=scenario.now)
    scenario.must(scenario.by == author)
    return Meant(ends=_facts_of(scenario, number), records=[(DELETED, number)])


@act(weight=3, needs=_are_there)
def the_team_prints_a_card(scenario: Scenario) -> Meant:
    (_note, number, _author, _way), key = _a_note(scenario, by_its_author=0.2)
    scenario.acts("marit" if scenario.likely(0.8) else scenario.by)
    by = scenario.cast[scenario.by]
    printed = hand_overs.print_cards([key], by=by, at=scenario.now)
    assert bool(printed) == _is_to_be_handed_over(scenario, number), scenario.by
    if not printed:
        return Meant()
    had_one = scenario.find("note has a code", number)
    records = [(ENDED, number)] if had_one else []
    return Meant({("note has a code", number)}, records=records)


@act(weight=2, needs=_are_there)
def the_team_hands_a_note_over(scenario: Scenario) -> Meant:
    (_note, number, _author, _way), key = _a_note(scenario, by_its_author=0.2)
    by = scenario.acts("marit" if scenario.likely(0.8) else scenario.by)
    hand_overs.hand_over(key, by=by, at=scenario.now)
    scenario.must(_is_to_be_handed_over(scenario, number))
    scenario.must(bool(scenario.find("note has a code", number)))
    return Meant({("note handed over", number, scenario.by)})


def _is_to_be_handed_over(scenario: Scenario, number: int) -> bool:
    """By who acts, as far as facts say it: the team is Marit."""
    given = any(fact[3] == Way.TEAM for fact in scenario.find("note", number))
    handed_over = scenario.find("note handed over", number)
    is_open = given and not handed_over and not _has_ended(scenario, number)
    (author,) = (fact[2] for fact in scenario.find("note", number))
    return scenario.by == "marit" and is_open and not scenario.is_apart("marit", author)
