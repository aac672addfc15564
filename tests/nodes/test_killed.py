from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crash.folder import environment
from tests.postgres import Cluster

ROOT = Path(__file__).parents[2]
# Counted when this was written, and rounded down. Fewer means that a step is no longer seen.
POINTS = {"upload": 180, "publish": 150, "take back": 220, "destroy": 210}
# At how many of them it is killed: at every one takes ten minutes on two cores.
STRIDE = {"true": 4}.get(os.environ.get("CI", ""), 16)


@pytest.mark.parametrize("act", POINTS)
def test_where_a_node_is_killed_another_finds_nothing_lost_or_half_done(act, tmp_path):
    with Cluster() as cluster:
        environ = environment(tmp_path) | {"BESIDE_DATABASE_URL": cluster.make("place")}
        command = [sys.executable, "-m", "tests.nodes.killed", act, str(tmp_path), f"1/{STRIDE}"]
        ran = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)

    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout.splitlines()[-1])
    assert found["wrong"] == []
    assert found["points"] >= POINTS[act]
