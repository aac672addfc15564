from __future__ import annotations

import os
import signal
import subprocess
import sys

from bench.slow_sockets import KINDS

# As many as stopped everything once, when each held one of the threads of two server processes.
SOCKETS = 134
PATIENCE_S = 600


def test_ordinary_readers_get_every_answer_beside_slow_sockets():
    """The whole server as a host runs it: `beside serve`, and strangers who are slow in every way there is."""
    command = [sys.executable, "-m", "bench.slow", "--check", "--sockets", str(SOCKETS)]
    command += ["--seconds", "3", "--people", "4", "--original-mb", "6"]
    checking = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    try:
        said, _ = checking.communicate(timeout=PATIENCE_S)
    except subprocess.TimeoutExpired:
        os.killpg(checking.pid, signal.SIGTERM)
        raise

    assert checking.returncode == 0, said
    assert all(f"{kind}: " in said for kind in KINDS)
