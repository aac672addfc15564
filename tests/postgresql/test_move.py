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

_HELD = """
from beside.cli.moving.sources import leave, source_of
from django.db import connection
source = source_of(None)
leave(connection)
with source.held() as held, held.cursor() as cursor:
    for name in ("idle_in_transaction_session_timeout", "statement_timeout"):
        cursor.execute(f"SHOW {name}")
        print(cursor.fetchone()[0])
"""


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


def whole(sees: dict[str, object]) -> dict[str, object]:
    """What a place sees, without the row that says what it has left."""
    tables = {name: one for name, one in sees["tables"].items() if name != "photos_placerecord"}
    return sees | {"tables": tables}


def test_a_place_moves_there_and_back_and_nothing_is_widened(database, tmp_path):
    here = Place(tmp_path)
    keys = tmp_path / "place" / "keys"
    there = Place(tmp_path, database(), (("keyring", str(keys)),))
    here.make()
    before = whole(here.sees())
    assert before["wrong"] == []

    moved = here.run("move", "--to", there.database, "--keyring", str(keys))
    assert moved.returncode == 0, moved.stdout
    assert whole(there.sees()) == before
    assert "This place is set aside by beside move." in here.run("serve").stdout
    assert "This place is set aside by beside move." in here.run("migrate").stdout
    without_keys = Place(tmp_path, there.database).run("serve")
    assert without_keys.returncode == 1
    assert "took it elsewhere. Set BESIDE_KEYRING" in without_keys.stdout
    again = here.run("move", "--to", database())
    assert again.returncode == 1
    assert "isn't moved a second time" in again.stdout

    back = there.run("move", "--to", "sqlite", "--keyring", "folder")
    assert back.returncode == 0, back.stdout
    assert whole(here.sees()) == before
    assert "This place is set aside by beside move." in there.run("migrate").stdout
    assert "This place is set aside by beside move." in there.run("serve").stdout
    assert not list(keys.glob("epoch.*"))


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


def test_a_move_writes_over_no_tables_and_no_keyring(database, tmp_path):
    here, other = Place(tmp_path / "here"), Place(tmp_path / "other", database())
    here.make()
    other.make()

    onto_rows = here.run("move", "--to", other.database)
    onto_keys = here.run("move", "--keyring", str(other.data / "keyring"))

    assert (onto_rows.returncode, onto_keys.returncode) == (1, 1)
    assert "has tables already" in onto_rows.stdout
    assert "There is a keyring at" in onto_keys.stdout
    assert here.sees()["wrong"] == other.sees()["wrong"] == []


# Each takes a minute, so either way of being cut off is tried from one of the two.
@pytest.mark.parametrize(
    ("of", "cut", "rows"),
    [("sqlite", "broken", True), ("postgresql", "killed", True), ("postgresql", "killed", False)],
)
def test_cut_off_at_any_step_it_goes_on_and_never_are_there_two_places(
    of, cut, rows, database, tmp_path
):
    place = Place(tmp_path, "" if of == "sqlite" else database())
    what = {"rows": rows, "store": "", "keyring": str(tmp_path / "place" / "keys")}

    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.postgresql.killed_moves",
            cut,
            str(tmp_path),
            json.dumps(what),
        ],
        cwd=ROOT,
        env=place.environment()
        | {"BESIDE_TEST_DATABASE_URL": os.environ["BESIDE_TEST_DATABASE_URL"]},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )

    assert json.loads(ran.stdout) == []


def test_a_database_is_held_however_long_nothing_is_asked(database, tmp_path):
    """Files are copied meanwhile, and the other database is filled."""
    place = Place(tmp_path, database())
    place.make()

    said = place.run("django", "shell", "-c", _HELD)

    assert said.stdout.splitlines()[-2:] == ["0", "0"], said.stdout


_KILL_AFTER = """
import os, sys
import django

django.setup()
from beside.cli import main
from beside.cli.moving.sources import PostgreSQLSource

really = PostgreSQLSource.set_aside


def instead(self):
    really(self)
    os._exit(9)


PostgreSQLSource.set_aside = instead
sys.argv = ["beside", *sys.argv[1:]]
main()
"""


def test_in_another_container_it_goes_on_to_where_it_went_and_nowhere_else(database, tmp_path):
    here, to, other = Place(tmp_path, database()), database(), database()
    there = Place(tmp_path, to)
    here.make()
    before = whole(here.sees())
    cut = subprocess.run(
        [sys.executable, "-c", _KILL_AFTER, "move", "--to", to],
        cwd=ROOT,
        env=here.environment(),
        check=False,
    )
    assert cut.returncode == 9
    (here.data / "moving").unlink()
    databases.wait_until_unused(here.database.rpartition("/")[2])

    elsewhere = here.run("move", "--to", other)
    assert elsewhere.returncode == 1
    assert "give the very command again that began it" in elsewhere.stdout
    assert "This place is set aside by beside move." in here.run("serve").stdout
    again = here.run("move", "--to", to)

    assert again.returncode == 0, again.stdout
    assert whole(there.sees()) == before
    assert here.run("move", "--to", to).returncode == 1


_MEANWHILE = """
import subprocess, sys
import django

django.setup()
from beside.cli import main
from beside.cli.moving.move import Move
from tests.serving import BESIDE

really = Move._get_ready


def meanwhile(self, **how):
    copied = really(self, **how)
    subprocess.run([BESIDE, *sys.argv[1:]], env=%r, stderr=subprocess.STDOUT)
    return copied


Move._get_ready = meanwhile
sys.argv = ["beside", *sys.argv[1:]]
main()
"""


def test_of_two_containers_that_move_at_once_one_is_refused(database, tmp_path):
    """Neither has anything of the other's but the rows and the keyring."""
    to, keys = database(), tmp_path / "place" / "new-keys"
    kept = (("keyring", str(tmp_path / "place" / "keys")),)
    here, there = Place(tmp_path, database(), kept), Place(tmp_path, to, (("keyring", str(keys)),))
    here.make()
    before = whole(here.sees())
    other = here.environment() | {"BESIDE_DATA": str(tmp_path / "other")}
    databases.wait_until_unused(here.database.rpartition("/")[2])

    moved = subprocess.run(
        [sys.executable, "-c", _MEANWHILE % other, "move", "--to", to, "--keyring", str(keys)],
        cwd=ROOT,
        env=here.environment(),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )

    assert moved.returncode == 0, moved.stdout
    assert "Another beside move of this place is running" in moved.stdout
    assert whole(there.sees()) == before
