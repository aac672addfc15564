from __future__ import annotations

from random import Random

import pytest
from django.db import transaction

from tests.access.acting import ACTS, play


def played(seed, **more):
    with transaction.atomic():
        stage = play(Random(seed), **more)
        transaction.set_rollback(True)
    return stage


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_whatever_people_do_every_form_agrees_and_nobody_sees_more_than_was_agreed_to(seed):
    stage = played(f"acting/{seed}")

    assert len(stage.done) == 60


@pytest.mark.django_db
def test_the_same_seed_lets_people_do_the_same():
    one, again = (played("again", acts=15) for _ in range(2))

    assert (one.done, one.facts) == (again.done, again.facts)


def test_there_are_acts_to_choose_from():
    assert len(ACTS) == 43
