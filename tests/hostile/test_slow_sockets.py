from __future__ import annotations

import subprocess
import sys

import pytest

from bench.slow_sockets import KINDS

# As many as stopped everything once, when each held one of the threads of two server processes.
SOCKETS = 134


@pytest.mark.parametrize("kind", KINDS)
def test_ordinary_readers_get_every_answer_beside_slow_sockets(kind):
    """The whole server as a host runs it: nothing but `beside serve`, and strangers who are slow."""
    command = [sys.executable, "-m", "bench.slow", "--check", "--kinds", kind]
    command += ["--sockets", str(SOCKETS), "--seconds", "4", "--people", "4", "--original-mb", "6"]

    checked = subprocess.run(command, capture_output=True, text=True, timeout=300)

    assert checked.returncode == 0, checked.stdout + checked.stderr
