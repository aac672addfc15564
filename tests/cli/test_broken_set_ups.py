from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.cli.set_ups import BROKEN, IS_ROOT, OF_SETTINGS, ROOT, Broken, SetUp, digest
from tests.crash.folder import environment

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's mounts and rights"),
]

_MAKE = """
import django; django.setup()
from django.conf import settings
from beside.cli.process.prepared_version import remember_prepared
from beside.cli.process.setup import collect_static
from tests.crash import scenario
scenario.make()
collect_static()
remember_prepared(settings.BESIDE.data)
"""
SECRETS = ("geheim", "falsch")


@pytest.fixture(scope="module")
def as_made() -> Iterator[Path]:
    """A place that is well. Whoever runs it must reach it, and pytest's own folders are its user's."""
    folder = Path(tempfile.mkdtemp(prefix="beside-broken-"))
    folder.chmod(0o755)
    subprocess.run([sys.executable, "-c", _MAKE], cwd=ROOT, env=environment(folder), check=True)
    yield folder
    for path in folder.rglob("*"):
        if path.is_dir():
            path.chmod(0o700)
    shutil.rmtree(folder)


@pytest.fixture
def place(as_made: Path) -> Iterator[SetUp]:
    folder = Path(tempfile.mkdtemp(prefix="place-", dir=as_made))
    shutil.copytree(as_made / "place" / "data", folder / "data")
    (folder / "key").mkdir(mode=0o700)
    shutil.copy2(as_made / "place" / "root.key", folder / "key")
    (folder / "data" / "worker.heartbeat").touch()
    place = SetUp(folder, ExitStack())
    place.hand_over()
    yield place


def findings(said: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in said.splitlines()]


def wrong(said: str) -> list[dict[str, str]]:
    return [one for one in findings(said) if one["how"] == "wrong" and one["about"] != "room"]


def test_the_set_up_that_each_of_them_starts_from_is_well(place):
    before = digest(place.folder)

    [(_, said, complained)] = place.run([["doctor", "--json"]])

    assert wrong(said) == []
    assert complained == ""
    assert digest(place.folder) == before


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_the_doctor_says_what_is_broken_and_how_to_mend_it_and_changes_no_byte(place, broken):
    if broken.needs_root and not IS_ROOT:
        pytest.skip("only root can give a file to somebody else")
    with broken.at(place):
        before = digest(place.folder)
        [(code, said, complained)] = place.run([["doctor", "--json"]])
        after = digest(place.folder)

    found = [one for one in findings(said) if one["about"] == broken.about and one["how"] == "wrong"]
    assert any(broken.says in f"{one['says']} {one['mend']}" for one in found), said
    assert all(one["says"] and one["mend"] for one in found)
    assert (code, complained) == (1, "")
    assert after == before
    assert not any(secret in said for secret in SECRETS)
