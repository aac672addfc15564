from __future__ import annotations

from random import Random

import pytest
from django.db import transaction

from tests.access.acting import ACTS, Acting


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_whatever_people_do_every_form_agrees_and_nobody_sees_more_than_was_agreed_to(seed):
    with transaction.atomic():
        world = Acting(Random(f"acting/{seed}"))
        for _ in range(40):
            world.step()
        transaction.set_rollback(True)

    assert len(world.done) == 40


def test_there_are_acts_to_choose_from():
    assert len(ACTS) == 27
