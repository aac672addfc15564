from __future__ import annotations

from dataclasses import fields, is_dataclass
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


def test_a_world_is_the_same_for_the_same_seed_and_number():
    # The ids differ, and with them every order that is none.
    for number in range(60):
        one, again = (described(imagine(Random(f"same/{number}"))) for _ in range(2))

        assert one == again


def described(world):
    kinds = ("people", "circles", "posts", "photos", "viewers", "links")
    labels = {
        one: f"{kind} {number}" for kind in kinds for number, one in enumerate(getattr(world, kind))
    }
    by_id = {viewer.visit: f"visit of {labels[viewer]}" for viewer in world.viewers}
    by_id |= {person.email.lower(): f"address of {labels[person]}" for person in world.people}

    def named(one):
        if isinstance(one, set | dict):
            return str(sorted(map(named, one)))
        if isinstance(one, list | tuple):
            return str([named(each) for each in one])
        if one in labels or one in by_id:
            return labels.get(one) or by_id[one]
        return inside(one) if is_dataclass(one) else str(one)

    def inside(one):
        shown = [field.name for field in fields(one) if field.name != "id"]
        return str([(name, named(getattr(one, name))) for name in shown])

    pairs = (world.follows, world.blocks, world.asking, world.banned, world.banned_addresses)
    return [inside(one) for one in (*labels, *world.admissions, *world.looks)] + [
        named(one) for one in pairs
    ]
