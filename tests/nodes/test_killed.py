from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests import objects
from tests.crash.folder import environment
from tests.objects import Objects
from tests.postgres import Cluster

ROOT = Path(__file__).parents[2]
# Counted when this was written, and rounded down. Fewer means that a step is no longer seen.
POINTS = {"upload": 150, "publish": 150, "take back": 200, "destroy": 200}
# Killed at one of so many points: more than 200 of all under CI. Each run begins with another, so that many see all of them.
STRIDE = 4 if os.environ.get("CI") == "true" else 16
HALVES = (0, 1)
# In each half, with room for steps that go away.
LEAST = sum(POINTS.values()) // STRIDE // len(HALVES)


@pytest.fixture
def first(testrun_uid) -> int:
    """The same in every process of one run."""
    return random.Random(testrun_uid).randint(1, STRIDE)


@pytest.mark.parametrize("half", HALVES)
def test_where_a_node_is_killed_another_finds_nothing_lost_or_half_done(half, first, tmp_path):
    share = f"{first + half * STRIDE}/{len(HALVES) * STRIDE}"
    command = [sys.executable, "-m", "tests.nodes.killed", str(tmp_path), share, *POINTS]
    with Cluster() as cluster, Objects() as store:
        environ = environment(tmp_path, database=cluster.make("place"))
        environ |= objects.environment_at(store.endpoint)
        ran = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)

    assert ran.returncode == 0, ran.stderr
    found = dict(zip(POINTS, map(json.loads, ran.stdout.splitlines()[-len(POINTS) :]), strict=True))
    assert {act: one["wrong"] for act, one in found.items() if one["wrong"]} == {}, share
    assert [act for act, one in found.items() if one["points"] < POINTS[act]] == []
    assert sum(one["tried"] for one in found.values()) >= LEAST
