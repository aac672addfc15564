from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from tests.thanks import plain
from tests.thanks.agreement import hold_to_the_plain_rules
from tests.thanks.worlds import imagine


@pytest.mark.thorough
@given(random=st.randoms(use_true_random=False))
@pytest.mark.django_db
def test_every_answer_about_notes_agrees_with_the_plain_rules(random):
    world = imagine(random)
    note(str(world))

    hold_to_the_plain_rules(world)


def test_the_worlds_tell_every_rule_apart():
    answers = set()

    for seed in range(80):
        world = imagine(Random(seed))
        answers |= {("opens", plain.opens(one)) for one in world.notes}
        for person in world.people:
            answers |= {("team", plain.hands_over(world, person, one)) for one in world.notes}

    assert answers == {(rule, answer) for rule in ("opens", "team") for answer in (True, False)}
