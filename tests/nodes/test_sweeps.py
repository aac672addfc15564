"""Every door and every narrowing, with the requests spread over the nodes."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Fewer would mean that the sweep has gone blind.
LEAST = {"doors": 1000, "narrowings": 300}


@pytest.mark.every_run
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("what", LEAST)
def test_no_node_says_more_than_the_plain_rule_whichever_is_asked(nodes, what):
    environ = nodes.nodes[0].environ
    if every_door := os.environ.get("BESIDE_TEST_EVERY_DOOR"):
        environ = environ | {"BESIDE_TEST_EVERY_DOOR": every_door}
    ports, seed = [str(node.port) for node in nodes.nodes], random.randrange(1 << 32)
    command = [sys.executable, "-m", "tests.nodes.sweep", what, str(seed), *ports]
    ran = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)

    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout.splitlines()[-1])
    assert found["wrong"] == [], f"seed {seed}"
    assert found["requests"] >= LEAST[what]
