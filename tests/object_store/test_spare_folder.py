"""A place that keeps nothing in its data folder, as in `deploy/several`, run where there is no such folder."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator

import psycopg
import pytest

from beside.config.process import end_with_parent
from tests import objects
from tests.cli import databases
from tests.postgresql.places import Place
from tests.serving import BESIDE, until

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(not databases.ON_POSTGRESQL, reason="needs BESIDE_TEST_DATABASE=postgresql"),
]


@pytest.fixture
def empty(endpoint, tmp_path) -> Iterator[Callable[[str], Place]]:
    """Makes places with a database and a bucket of their own, and their epoch key in a folder beside them."""
    made: list[str] = []

    def make(name: str) -> Place:
        made.append(databases.make())
        kept = objects.settings_at(endpoint) | {"keyring": str(tmp_path / f"slots of {name}")}
        return Place(tmp_path / name, databases.url(made[-1]), tuple(kept.items()))

    yield make
    for name in made:
        databases.drop(name)


@pytest.fixture
def place(empty) -> Place:
    one = empty("one")
    one.make()
    shutil.rmtree(one.data)
    return one


def records(place: Place) -> set[str]:
    with psycopg.connect(place.database) as asking:
        return {name for (name,) in asking.execute("SELECT name FROM photos_placerecord")}


def test_a_backup_is_made_proved_and_recorded(place, tmp_path):
    dest = str(tmp_path / "backup")

    done = place.run("backup", dest)
    shutil.rmtree(place.data)
    proved = place.run("verify", dest)
    shutil.rmtree(place.data, ignore_errors=True)
    verified = place.run("verify")

    assert done.returncode == 0, done.stdout
    assert "couldn't be recorded" not in done.stdout
    assert proved.returncode == 0, proved.stdout
    assert verified.returncode == 0, verified.stdout
    assert {"backup", "proof", "verification"} <= records(place)


def test_a_backup_says_which_folder_it_cannot_have(place, tmp_path):
    place.data.parent.joinpath("data").write_bytes(b"a file in its place")

    done = place.run("backup", str(tmp_path / "backup"))

    assert done.returncode == 1
    assert str(place.data) in done.stdout
    assert "Traceback" not in done.stdout


def test_a_worker_reports_and_waits_for_nothing(place, tmp_path):
    log = tmp_path / "log"

    def beats() -> bool:
        with psycopg.connect(place.database) as asking:
            return bool(asking.execute("SELECT 1 FROM photos_workerbeat").fetchall())

    assert not beats()
    with log.open("wb") as said:
        worker = subprocess.Popen(
            [BESIDE, "worker"],
            env=place.environment(),
            stdout=said,
            stderr=said,
            preexec_fn=end_with_parent,
        )
    try:
        until(beats)
    finally:
        worker.terminate()
        worker.wait(60)
    assert "has to wait" not in log.read_text("utf-8")


def test_the_doctor_finds_nothing_wrong_with_it(place):
    said = place.run("doctor", "--json").stdout.splitlines()
    about = {one["about"]: one for one in map(json.loads, said)}

    assert about["data folder"]["how"] == "well"
    assert "may be lost" in about["data folder"]["says"]
    assert not {"place", "room", "file system"} & about.keys()
    assert not place.data.exists(), "it changes nothing"


def test_a_place_that_was_restored_elsewhere_is_opened(place, empty, tmp_path):
    before = place.sees()
    other = empty("other")
    other.take_key(place)
    assert place.run("backup", str(tmp_path / "backup")).returncode == 0
    restored = other.run("restore", str(tmp_path / "backup"))
    assert restored.returncode == 0, restored.stdout
    shutil.rmtree(other.data)

    opened = other.run("open", "--yes")

    assert opened.returncode == 0, opened.stdout
    assert "closed by restore" not in records(other)
    assert other.sees()["sights"] == before["sights"]


@pytest.mark.parametrize("kept", [{"store": ""}, {"keyring": ""}], ids=["photographs", "epoch key"])
def test_a_folder_that_something_is_kept_in_is_not_made(place, kept, tmp_path):
    """Its disk may not be mounted."""
    lacks = Place(place.folder, place.database, tuple({**dict(place.kept), **kept}.items()))

    said = lacks.run("backup", str(tmp_path / "backup"))

    assert said.returncode == 1
    assert not place.data.exists()
    assert not list(tmp_path.glob("backup/dumps/*"))
