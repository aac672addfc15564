from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from tests.access import plain
from tests.access.agreement import hold_to_the_plain_rule
from tests.access.worlds import imagine


@given(random=st.randoms(use_true_random=False))
@pytest.mark.django_db
def test_every_form_of_the_rule_agrees_with_the_plain_one(random):
    world = imagine(random)
    note(str(world))

    hold_to_the_plain_rule(world, asked_afresh=random.choice(world.viewers))


def test_the_worlds_are_crowded_enough_to_tell_forms_apart():
    sights, sent = set(), set()

    for seed in range(60):
        world = imagine(Random(seed))
        for viewer in world.viewers:
            sights |= {plain.sight(world, viewer, post) for post in world.posts}
            sent |= {plain.is_sent(world, viewer, photo) for photo in world.photos}

    assert sights == set(range(5))
    assert sent == {True, False}
