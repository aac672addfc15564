"""Ctrl-C while a command is still being loaded."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.serving import PATIENCE_S

# Python loads what is named here before anything else of a library: it stands for any moment of loading.
_INTERRUPTED_AT = """
import os, signal, sys
class Interrupts:
    def find_spec(self, name, path, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)
        return None
sys.meta_path.insert(0, Interrupts())
"""


def interrupted(folder: Path, module: str, *words: str) -> subprocess.CompletedProcess[str]:
    (folder / "sitecustomize.py").write_text(_INTERRUPTED_AT.format(module=module))
    return subprocess.run(
        [sys.executable, "-m", "beside.start", *words],
        cwd=folder,
        env={"PATH": "/usr/bin", "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


@pytest.mark.parametrize("words", [("serve",), ("doctor",), ("backup", "/nowhere")])
@pytest.mark.parametrize("module", ["click", "beside.cli.failures.sentences", "pydantic"])
def test_a_command_that_is_being_loaded_ends_at_once_and_without_a_traceback(
    tmp_path, module, words
):
    done = interrupted(tmp_path, module, *words)

    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


@pytest.mark.thorough
def test_one_that_has_begun_says_that_it_was_ended(tmp_path):
    done = interrupted(tmp_path, "beside.cli.checks.place", "doctor")

    assert done.returncode == 1
    assert done.stderr.strip() == "Aborted!"


@pytest.mark.thorough
def test_a_command_in_the_background_stays_deaf(tmp_path):
    """A shell without job control starts what stands before an & so."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        done = interrupted(tmp_path, "click", "settings")
    finally:
        signal.signal(signal.SIGINT, before)

    assert done.returncode == 0
