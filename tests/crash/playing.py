"""Starts a stage in a folder and an environment of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.crash.place import environment

_IN_MEMORY = Path("/dev/shm")


def play(ending: str, journey: str) -> dict:
    """How many points there were, and what was wrong after a restart at any of them."""
    base = _IN_MEMORY if os.access(_IN_MEMORY, os.W_OK) else None
    folder = tempfile.mkdtemp(prefix="beside-crash-", dir=base)
    command = [sys.executable, "-m", "tests.crash.stage", ending, journey, folder]
    root = Path(__file__).parents[2]
    try:
        played = subprocess.run(
            command, cwd=root, env=environment(Path(folder)), capture_output=True, text=True
        )
    finally:
        shutil.rmtree(folder)
    assert played.returncode == 0, played.stderr
    return json.loads(played.stdout.splitlines()[-1])
