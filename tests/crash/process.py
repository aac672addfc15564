"""Starts the runner of `tests.crash.runner` in a folder and an environment of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.crash.folder import environment

_IN_MEMORY = Path("/dev/shm")
_ROOT = Path(__file__).parents[2]


def can_listen() -> bool:
    """Whether SQLite's own steps can be observed here. A separate process is asked."""
    asking = "from tests.crash import sqlite_files as s; s.listen(lambda *_: 0, lambda *_: None)"
    return (
        subprocess.run([sys.executable, "-c", asking], cwd=_ROOT, capture_output=True).returncode
        == 0
    )


def run(ending: str, act: str, *more: str) -> dict:
    """How many points there were, and what was wrong after a restart at any of them.

    Raises AssertionError if the runner itself fails.
    """
    base = _IN_MEMORY if os.access(_IN_MEMORY, os.W_OK) else None
    folder = tempfile.mkdtemp(prefix="beside-crash-", dir=base)
    command = [sys.executable, "-m", "tests.crash.runner", ending, act, folder, *more]
    try:
        ran = subprocess.run(
            command, cwd=_ROOT, env=environment(Path(folder)), capture_output=True, text=True
        )
    finally:
        shutil.rmtree(folder)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])
