from __future__ import annotations

from threading import Event
from threading import enumerate as threads

import pytest
from django.db import OperationalError

from beside.cli.process import signs_of_life as signs
from beside.cli.process.signs_of_life import signs_of_life
from beside.photos import chore_turns, heartbeat
from tests.serving import until


def test_signs_are_given_again_and_again_and_none_after_it_has_ended():
    given = []
    with signs_of_life(lambda: given.append(None), every_s=0.001):
        until(lambda: len(given) > 3)

    assert not [one for one in threads() if one.name == "signs of life"]


def test_whoever_hangs_longer_than_anything_takes_is_heard_of_no_more(caplog):
    given = []
    with signs_of_life(lambda: given.append(None), every_s=0.001, longest_s=0):
        until(lambda: "hanging" in caplog.text)

    assert not given


@pytest.mark.parametrize("fault", [OperationalError("away"), OSError("full")])
def test_one_that_cannot_be_given_stops_no_other(fault):
    again, tries = Event(), []

    def give() -> None:
        tries.append(None)
        if len(tries) == 1:
            raise fault
        again.set()

    with signs_of_life(give, every_s=0.001):
        until(again.is_set)


def test_what_it_is_given_around_may_fail():
    with pytest.raises(ZeroDivisionError), signs_of_life(lambda: None):
        raise ZeroDivisionError


def test_a_sign_comes_before_a_worker_counts_as_silent_and_a_turn_as_nobodys():
    shortest = min(chore_turns.HELD_FOR, heartbeat.SILENT_AFTER)

    assert shortest.total_seconds() >= signs.EVERY_S * 4
