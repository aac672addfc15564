from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

import pytest

from beside.cli.backups import AS_FAR_AS_IT_GOES
from tests.cli.set_ups import BROKEN, IS_ROOT, ROOT, Broken, SetUp
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
from beside.photos.vault import new_place
from tests.crash import scenario
scenario.make()
collect_static()
new_place.made(settings.BESIDE.data)
remember_prepared(settings.BESIDE.data)
"""
SECRETS = ("geheim", "falsch")


@pytest.fixture(scope="module")
def well_made(tmp_path_factory) -> Path:
    """A place that is well."""
    folder = tmp_path_factory.mktemp("broken")
    subprocess.run([sys.executable, "-c", _MAKE], cwd=ROOT, env=environment(folder), check=True)
    return folder / "place"


@pytest.fixture
def place(well_made: Path, tmp_path: Path) -> Iterator[SetUp]:
    folder = tmp_path / "set-up"
    yield copied(well_made, folder)
    for path in (folder / "data", folder / "key"):
        if path.is_dir():
            path.chmod(0o700)


def copied(well_made: Path, folder: Path) -> SetUp:
    shutil.copytree(well_made / "data", folder / "data")
    (folder / "key").mkdir(mode=0o700)
    shutil.copy2(well_made / "root.key", folder / "key")
    (folder / "data" / "worker.heartbeat").touch()
    return SetUp(folder, ExitStack())


def findings(said: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in said.splitlines()]


# Of the disk that the tests run on.
OF_THE_MACHINE = {"room", "file system"}


def wrong(said: str) -> list[dict[str, str]]:
    return [
        one
        for one in findings(said)
        if one["how"] == "wrong" and one["about"] not in OF_THE_MACHINE
    ]


def test_the_set_up_that_each_of_them_starts_from_is_well(place):
    [doctor] = place.run([["doctor", "--json"]])

    assert wrong(doctor.said) == []
    assert doctor.complained == ""
    assert not doctor.changed


def test_a_folder_of_any_name_is_looked_at(well_made, tmp_path):
    [doctor] = copied(well_made, tmp_path / "ein Ort für Emil").run([["doctor", "--json"]])

    assert wrong(doctor.said) == []


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_the_doctor_says_what_is_broken_and_how_to_mend_it_and_no_command_ends_in_a_traceback(
    place, broken
):
    if broken.needs_root and not IS_ROOT:
        pytest.skip("only root can give a file to somebody else")
    with broken.at(place):
        doctor, *others = place.run([["doctor", "--json"], *commands(place, broken)])

    found = [
        one
        for one in findings(doctor.said)
        if (one["about"], one["how"]) == (broken.about, "wrong")
    ]
    assert any(broken.says in f"{one['says']} {one['mend']}" for one in found), doctor
    assert all(one["says"] and one["mend"] for one in found)
    assert (doctor.code, doctor.complained, doctor.changed) == (1, "", False)
    for done in (doctor, *others):
        assert "Traceback" not in done.said + done.complained
        assert not any(secret in done.said + done.complained for secret in SECRETS)
        assert done.code in (0, 1, AS_FAR_AS_IT_GOES), done
        assert done.code == 0 or "Error: " in done.complained or "✗" in done.said or done is doctor
        assert "has no sentence for" not in done.complained
    if broken.stops:
        assert {done.code for done in others[-len(starting(broken)) :]} == {1}


def commands(place: SetUp, broken: Broken) -> list[list[str]]:
    """Every command that ends by itself there, one after another: what one leaves, the next meets.

    A set-up that stops the server ends that one too. `beside upgrade` isn't among them: it would change the installation that
    the tests run in.
    """
    listed = [
        ["settings"],
        ["verify"],
        ["invite", "Nan"],
        ["host", "list"],
        ["host", "link"],
        ["access", "nobody", str(UUID(int=0))],
        ["mail", "rose@place.example"],
        ["backup", str(place.folder / "backup")],
        ["restore", str(place.folder)],
        ["open", "--yes"],
        ["django", "showmigrations", "thanks"],
        ["migrate", "--check"],
    ]
    if broken.name == "a locked database":  # Each would wait for twenty seconds.
        return [["settings"], ["verify"]]
    return [*listed, *starting(broken)] if broken.stops else listed


def starting(broken: Broken) -> list[list[str]]:
    """What can't start there."""
    # A worker listens nowhere, so a port that can't be had is nothing to it.
    return [["serve"]] if "port" in broken.about else [["worker"], ["serve"]]
