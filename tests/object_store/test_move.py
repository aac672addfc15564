"""Moving a whole place from SQLite and its data folder to PostgreSQL and a bucket, and back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import objects
from tests.cli import databases
from tests.postgresql.places import ROOT, Place

pytestmark = pytest.mark.thorough


@pytest.fixture
def database() -> Iterator[Callable[[], str]]:
    """Makes empty databases, as addresses. Where these tests have no PostgreSQL, the rows stay where they are."""
    made: list[str] = []

    def make() -> str:
        if not databases.ON_POSTGRESQL:
            return ""
        made.append(databases.make())
        return databases.url(made[-1])

    yield make
    for name in made:
        databases.drop(name)


def reaching(endpoint: str) -> dict[str, str]:
    """How a place reaches the buckets, before it keeps anything in them."""
    return {
        name: said
        for name, said in objects.settings_at(endpoint).items()
        if name.startswith("store_")
    }


def whole(sees: dict[str, object]) -> dict[str, object]:
    """What a place sees, without the row that says what it has left."""
    tables = {name: one for name, one in sees["tables"].items() if name != "photos_placerecord"}
    return sees | {"tables": tables}


def test_a_place_moves_to_a_bucket_and_back_and_nothing_is_widened(
    database, endpoint, client, tmp_path
):
    reached, said = reaching(endpoint), objects.settings_at(endpoint)
    here = Place(tmp_path, "", tuple(reached.items()))
    there = Place(tmp_path, database(), tuple(said.items()))
    here.make()
    before = whole(here.sees())
    assert before["wrong"] == []
    to_rows = ["--to", there.database] if there.database else []
    no_rows = ["--to", "sqlite"] if there.database else []

    moved = here.run("move", *to_rows, "--store", said["store"], "--keyring", said["keyring"])

    assert moved.returncode == 0, moved.stdout
    assert f"set BESIDE_STORE={said['store']}" in moved.stdout
    assert whole(there.sees()) == before
    assert not list((here.data / "keyring").glob("epoch.*"))
    refused = here.run("verify")
    assert refused.returncode == 1
    assert "set aside" in refused.stdout or "took it elsewhere" in refused.stdout
    half_set = Place(tmp_path, there.database, tuple((said | {"store": ""}).items()))
    assert "took it elsewhere. Set BESIDE_STORE" in half_set.run("verify").stdout

    (here.data / "blobs").rename(tmp_path / "deleted")
    back = there.run("move", *no_rows, "--store", "folder", "--keyring", "folder")

    assert back.returncode == 0, back.stdout
    assert whole(here.sees()) == before
    bucket, prefix = said["keyring"].removeprefix("s3://").split("/")
    assert list(objects.everything_in(client, bucket, f"{prefix}/")) == []
    assert there.run("verify").returncode == 1


@pytest.mark.parametrize("cut", ["killed", "broken"])
def test_cut_off_at_any_step_it_goes_on_and_never_are_there_two_places(cut, endpoint, tmp_path):
    to = objects.settings_at(endpoint)
    place = Place(tmp_path, "", tuple(reaching(endpoint).items()))
    what = {"rows": False, "store": to["store"], "keyring": to["keyring"]}

    ran = _ran(cut, tmp_path, what, place)

    assert json.loads(ran) == []


def _ran(cut: str, folder: Path, what: dict[str, object], place: Place) -> str:
    tests = {name: said for name, said in os.environ.items() if name.startswith("BESIDE_TEST_")}
    return subprocess.run(
        [sys.executable, "-m", "tests.postgresql.killed_moves", cut, str(folder), json.dumps(what)],
        cwd=ROOT,
        env=place.environment() | tests,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
