from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing

import psycopg
import pytest

from tests.cli import databases
from tests.postgresql.places import ROOT, Place


@pytest.fixture
def database() -> Iterator[Callable[[], str]]:
    """Makes empty databases, as addresses."""
    made: list[str] = []

    def make() -> str:
        made.append(databases.make())
        return databases.url(made[-1])

    yield make
    for name in made:
        databases.drop(name)


def test_a_place_moves_there_and_back_and_nothing_is_widened(database, tmp_path):
    here = Place(tmp_path)
    there = Place(tmp_path, database())
    here.make()
    before = here.sees()
    assert before["wrong"] == []

    moved = here.run("move", "--to", there.database)
    assert moved.returncode == 0, moved.stdout
    assert there.sees() == before
    refused = here.run("serve")
    assert refused.returncode == 1
    assert "This place has moved to another database." in refused.stdout
    again = here.run("move", "--to", database())
    assert again.returncode == 1
    assert "isn't moved a second time" in again.stdout

    back = there.run("move", "--to", "sqlite")
    assert back.returncode == 0, back.stdout
    assert here.sees() == before
    assert "This place has moved to another database." in there.run("serve").stdout


def test_a_place_that_is_in_use_stays_where_it_is(database, tmp_path):
    here, to = Place(tmp_path), database()
    here.make()
    with closing(sqlite3.connect(here.data / "beside.sqlite3")) as server:
        server.execute("SELECT count(*) FROM people_account").fetchone()

        refused = here.run("move", "--to", to)

    assert refused.returncode == 1
    assert "still in use" in refused.stdout
    assert "Traceback" not in refused.stdout
    assert here.run("move", "--to", to).returncode == 0

    with psycopg.connect(to) as server:
        server.execute("SELECT 1")
        refused = Place(tmp_path, to).run("move", "--to", "sqlite")

    assert refused.returncode == 1
    assert "still in use" in refused.stdout


def test_a_move_writes_over_no_tables(database, tmp_path):
    here, other = Place(tmp_path / "here"), Place(tmp_path / "other", database())
    here.make()
    other.make()

    refused = here.run("move", "--to", other.database)

    assert refused.returncode == 1
    assert "has tables already" in refused.stdout
    assert here.sees()["wrong"] == other.sees()["wrong"] == []


# Each takes a minute, so either way of being cut off is tried from one of the two.
@pytest.mark.parametrize(("of", "cut"), [("sqlite", "broken"), ("postgresql", "killed")])
def test_cut_off_at_any_step_it_goes_on_and_never_are_there_two_places(of, cut, database, tmp_path):
    place = Place(tmp_path, "" if of == "sqlite" else database())

    ran = subprocess.run(
        [sys.executable, "-m", "tests.postgresql.killed_moves", cut, str(tmp_path)],
        cwd=ROOT,
        env=place.environment()
        | {"BESIDE_TEST_DATABASE_URL": os.environ["BESIDE_TEST_DATABASE_URL"]},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )

    assert json.loads(ran.stdout) == []
