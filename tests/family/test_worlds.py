from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from tests.family import plain
from tests.family.agreement import hold_to_the_plain_rules
from tests.family.worlds import imagine


@pytest.mark.thorough
@given(random=st.randoms(use_true_random=False))
@pytest.mark.django_db
def test_every_answer_about_families_agrees_with_the_plain_rules(random):
    world = imagine(random)
    note(str(world))

    hold_to_the_plain_rules(world)


def test_the_worlds_tell_every_rule_apart():
    answers = set()

    for seed in range(60):
        world = imagine(Random(seed))
        for person in world.people[1:]:
            answers.add(("family", plain.sees_family(world, person, world.family)))
            answers |= {("entry", plain.sees_entry(world, person, one)) for one in world.entries}
            answers |= {("member", plain.sees_member(world, person, one)) for one in world.members}

    rules = ("family", "entry", "member")
    assert answers == {(rule, answer) for rule in rules for answer in (True, False)}
