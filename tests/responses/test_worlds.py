from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from tests.responses import plain
from tests.responses.agreement import hold_to_the_plain_rules
from tests.responses.worlds import imagine

pytestmark = pytest.mark.thorough


@given(random=st.randoms(use_true_random=False))
@pytest.mark.django_db
def test_every_answer_about_responses_agrees_with_the_plain_rules(random):
    world = imagine(random)
    note(str(world))

    hold_to_the_plain_rules(world)


def test_the_worlds_tell_every_rule_apart():
    answers = set()

    for seed in range(80):
        world = imagine(Random(seed))
        answers |= {*_of_people(world), *_of_viewers(world)}

    names = ("shown", "reported", "looked at", 1, 2, 3, "writes", "at once", "between")
    rules = ("waits_for", "is_passed_on_to", "is_asked_about")
    expected = {(name,) for name in names}
    expected |= {(name, kind) for name in rules for kind in ("private", "response")}
    assert answers >= {(*name, answer) for name in expected for answer in (True, False)}


def _of_people(world):
    for person in world.letters.people:
        for one in world.responses:
            for rule in (plain.waits_for, plain.is_passed_on_to, plain.is_asked_about):
                kind = "private" if one.recipient else "response"
                yield rule.__name__, kind, rule(world, person, one)
        for other in world.letters.people:
            yield "writes", plain.may_write_to(world, person, other)
            yield "at once", plain.is_passed_on_at_once(world, person, other)
            for one in world.responses:
                yield "between", plain.is_between(world, person, other, one)


def _of_viewers(world):
    for viewer in world.letters.viewers:
        for one in world.responses:
            yield "shown", plain.is_shown(world, viewer, one)
            yield "reported", plain.can_be_reported(world, viewer, one)
            yield "looked at", plain.is_open_to_look(world, viewer, one)
        for post in world.letters.posts:
            level = min(plain.level_of(world, post, author) for author in post.authors)
            yield level, plain.may_respond(world, viewer, post)
