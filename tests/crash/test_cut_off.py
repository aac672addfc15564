from __future__ import annotations

import pytest

from tests.crash.process import can_listen, run

pytestmark = [
    pytest.mark.crash,
    pytest.mark.skipif(
        not can_listen(), reason="LEFT OUT: this Python's SQLite can't be listened to"
    ),
]

# Counted when this was written, and rounded down; over 500 in all. Fewer means that a shim has gone blind.
POINTS = {"upload": 85, "publish": 35, "take back": 115, "destroy": 70, "send mail": 200}


def test_there_are_five_hundred_points():
    assert sum(POINTS.values()) >= 500


@pytest.mark.parametrize("share", ["1/4", "2/4", "3/4", "4/4"])
@pytest.mark.parametrize("act", POINTS)
def test_killed_at_every_step_nothing_is_lost_or_half_done(act, share):
    ran = run("killed", act, share)

    assert ran["wrong"] == []
    assert ran["points"] >= POINTS[act]


# A power cut can't be played after the act for mails: a mail server doesn't forget what it took since.
@pytest.mark.parametrize("act", [act for act in POINTS if act != "send mail"])
def test_a_power_cut_undoes_nothing_that_was_said(act):
    ran = run("power_cut", act)

    assert ran["wrong"] == []
    assert ran["points"] >= 5


@pytest.mark.parametrize("act", POINTS)
def test_a_full_disk_costs_a_sentence_and_nothing_else(act):
    ran = run("full", act)

    assert ran["wrong"] == []
    assert ran["points"] >= 5


@pytest.mark.parametrize("act", POINTS)
def test_a_folder_that_can_only_be_read_costs_a_sentence_and_nothing_else(act):
    ran = run("read_only", act)

    assert ran["wrong"] == []
    assert ran["points"] >= 1
