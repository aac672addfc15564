"""Output whose reader has gone before anything was printed, or that can't be written."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import BESIDE

pytestmark = pytest.mark.thorough


@pytest.fixture
def unread() -> Iterator[int]:
    reader, writer = os.pipe()
    os.close(reader)
    yield writer
    os.close(writer)


def ran(words: list[object], folder: Path, *, out: int) -> tuple[int, str]:
    done = subprocess.run(
        words, cwd=folder, env={"PATH": "/usr/bin"}, stdout=out, stderr=subprocess.PIPE, text=True
    )
    return done.returncode, done.stderr


def test_a_command_that_nobody_reads_ends_as_it_would(tmp_path, unread):
    assert ran([BESIDE, "settings"], tmp_path, out=unread) == (0, "")


def test_what_is_wrong_is_in_the_exit_status_though_nobody_reads_it(tmp_path, unread):
    assert ran([BESIDE, "doctor"], tmp_path, out=unread) == (1, "")


def test_what_a_command_does_is_done_to_its_end(tmp_path, unread):
    does = """
from beside.cli.failures.sentences import in_sentences
with in_sentences(keeps_log=False):
    print("Backing up …", flush=True)
    print("Migrating … " * 10_000)
    open("done", "x").close()
"""

    assert ran([sys.executable, "-c", does], tmp_path, out=unread) == (0, "")
    assert (tmp_path / "done").exists()


def test_whoever_reads_gets_all_of_it(tmp_path):
    does = """
import click
from beside.cli.failures.sentences import in_sentences
with in_sentences(keeps_log=False):
    print("Fürs Erste")
    click.echo("und dann")
    click.echo("✓ fertig", nl=False)
"""
    done = subprocess.run([sys.executable, "-c", does], cwd=tmp_path, capture_output=True)

    assert done.stdout.decode() == "Fürs Erste\nund dann\n✓ fertig"


@pytest.mark.parametrize("words", [["settings"], ["--help"], ["--version"], ["serve", "--help"]])
def test_what_could_not_be_written_is_said_and_is_in_the_exit_status(tmp_path, words):
    with Path("/dev/full").open("wb") as full:
        code, said = ran([BESIDE, *words], tmp_path, out=full.fileno())

    assert code == 1
    assert "No space left on device" in said
    assert "Traceback" not in said


def test_what_a_command_does_is_done_though_its_log_has_no_room(tmp_path):
    does = """
from beside.cli.failures.sentences import in_sentences
with in_sentences(keeps_log=False):
    print("Migrating … " * 10_000, flush=True)
    open("done", "x").close()
"""
    with Path("/dev/full").open("wb") as full:
        ran([sys.executable, "-c", does], tmp_path, out=full.fileno())

    assert (tmp_path / "done").exists()


def test_a_sign_that_a_terminal_lacks_ends_no_command(tmp_path):
    done = subprocess.run(
        [BESIDE, "doctor"],
        cwd=tmp_path,
        env={"PATH": "/usr/bin", "PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (1, b"")
    assert b"? data folder" in done.stdout
