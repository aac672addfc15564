from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from beside.cli import LIGHT
from tests.serving import BESIDE

COMMANDS = [
    "access",
    "backup",
    "django",
    "doctor",
    "host",
    "invite",
    "mail",
    "migrate",
    "move",
    "open",
    "restore",
    "serve",
    "settings",
    "upgrade",
    "verify",
    "worker",
]


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BESIDE, *words], cwd=folder, env={"PATH": "/usr/bin"}, capture_output=True, text=True
    )


@pytest.mark.thorough
def test_help_lists_every_command_with_a_summary(tmp_path):
    done = run(tmp_path, "--help")

    listed = done.stdout.partition("Commands:")[2].splitlines()
    assert done.returncode == 0
    assert [line.split()[0] for line in listed if line[2:3].strip()] == COMMANDS
    assert all(len(line.split()) > 3 for line in listed if line[2:3].strip())


@pytest.mark.thorough
@pytest.mark.parametrize("words", [(), ("--help",), *((name, "--help") for name in COMMANDS)])
def test_help_changes_nothing(tmp_path, words):
    done = run(tmp_path, *words)

    assert "Usage" in done.stdout + done.stderr or words[:1] == ("django",)
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.thorough
@pytest.mark.parametrize(
    "words",
    [("doctor",), ("settings",), ("verify",), ("invite", "Nan"), ("access", "nobody", "0" * 32)],
)
def test_a_command_that_only_looks_at_an_empty_folder_creates_no_root_key(tmp_path, words):
    run(tmp_path, *words)

    assert not (tmp_path / "var" / "root.key").exists()


@pytest.mark.thorough
@pytest.mark.parametrize("name", sorted(LIGHT))
def test_a_command_that_starts_before_django_can_be_loaded_without_it(name):
    """In a process of its own: in this one Django is ready."""
    module = f"beside.cli.{'manage' if name == 'django' else name}"

    subprocess.run([sys.executable, "-c", f"import {module}"], check=True)


@pytest.mark.thorough
def test_the_process_that_starts_the_others_loads_no_tables():
    """It holds no key, and can't: Django isn't set up there."""
    loads = "import sys, beside.cli.serve; sys.exit('django.db.models' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", loads], check=False).returncode == 0
