from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from bench.broken_acts import broken_acts, lost_anchors
from bench.mutants import lost_changes
from tests.access.acts import ACTS
from tests.access.state_machine import SETTINGS, Acts

pytestmark = pytest.mark.thorough


@pytest.mark.django_db
def test_whatever_people_do_every_form_agrees_and_nobody_sees_more_than_was_agreed_to():
    # As with random worlds, most examples are held on one database; the other takes far longer to plan a query.
    fewer = settings(SETTINGS, max_examples=2)

    run_state_machine_as_test(Acts, settings=SETTINGS if connection.vendor == "sqlite" else fewer)


def test_every_act_is_a_rule():
    assert len(ACTS) == len({act.name for act in ACTS}) == 93
    assert len(Acts.setup_state().rules) == sum(act.weight for act in ACTS)


def test_every_act_that_is_broken_on_purpose_still_says_what_would_be_broken():
    acts = broken_acts()

    assert len(acts) >= 94
    assert lost_anchors(acts) == []


def test_every_weakening_of_the_rule_still_finds_its_text():
    assert lost_changes() == []
