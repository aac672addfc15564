from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import dj_database_url
import psycopg
import pytest
from django.db import connection

from beside.cli.backups.destination import BackupBusy, alone, number_of
from tests.cli import databases
from tests.postgresql.places import Place


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


@pytest.mark.parametrize("onto", ["sqlite to postgresql", "postgresql to sqlite"])
def test_a_dump_of_either_database_goes_back_into_the_other(onto, database, tmp_path):
    was_sqlite = onto.startswith("sqlite")
    one = Place(tmp_path / "one", "" if was_sqlite else database())
    other = Place(tmp_path / "other", database() if was_sqlite else "")
    one.make()
    before = one.sees()
    assert len(before["originals"]) == 3
    other.take_key(one)

    done = one.run("backup", str(tmp_path / "backup"))
    assert done.returncode == 0, done.stdout
    restored = other.run("restore", str(tmp_path / "backup"))
    assert restored.returncode == 0, restored.stdout
    closed = other.sees()
    assert other.run("open", "--yes").returncode == 0
    after = other.sees()

    assert closed["wrong"] == after["wrong"] == []
    assert closed["originals"] == before["originals"]
    assert {tuple(one) for one in closed["sights"]} < {tuple(one) for one in before["sights"]}
    assert after["sights"] == before["sights"]
    assert other.run("backup", str(tmp_path / "next")).returncode == 0


def test_a_restore_writes_over_no_tables_and_makes_none_when_it_is_refused(database, tmp_path):
    one, other = Place(tmp_path / "one"), Place(tmp_path / "other", database())
    one.make()
    other.take_key(one)
    one.run("backup", str(tmp_path / "backup"))
    with psycopg.connect(other.database, autocommit=True) as there:
        there.execute("CREATE TABLE something (words text)")

    refused = other.run("restore", str(tmp_path / "backup"))

    assert refused.returncode == 1
    assert "has tables already" in refused.stdout
    assert not other.data.exists()
    with psycopg.connect(other.database) as there:
        tables = there.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert tables.fetchone() == (1,)


def test_a_restore_that_is_cut_off_leaves_the_database_empty(database, tmp_path):
    one, other = Place(tmp_path / "one"), Place(tmp_path / "other", database())
    one.make()
    other.take_key(one)
    one.run("backup", str(tmp_path / "backup"))
    with psycopg.connect(other.database, autocommit=True) as there:
        # The last of its tables can't be made, as after losing the connection.
        there.execute(
            "CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF EXISTS (SELECT FROM pg_tables WHERE tablename = 'moderation_appeal') THEN "
            "RAISE EXCEPTION 'the line was cut'; END IF; END $$"
        )
        there.execute("CREATE EVENT TRIGGER cut ON ddl_command_end EXECUTE FUNCTION refuse()")

    cut = other.run("restore", str(tmp_path / "backup"))
    with psycopg.connect(other.database, autocommit=True) as there:
        tables = there.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert tables.fetchone() == (0,)

    assert cut.returncode == 1
    assert "Error: " in cut.stdout
    assert "the line was cut" in cut.stdout
    assert "Traceback" not in cut.stdout
    assert not list(other.data.glob("snapshot-*"))
    # What it had made in the folder is gone too, and no empty place is made of it.
    assert "Nothing has been made" in other.run("serve").stdout


def test_two_nodes_do_not_write_to_the_same_keyring_at_once(database, django_db_blocker):
    before, address = connection.settings_dict["NAME"], database()
    keyring, other = Path("/mnt/backup/keyring"), Path("/mnt/other/keyring")
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = dj_database_url.parse(address)["NAME"]
        try:
            with psycopg.connect(address) as node:
                node.execute("SELECT pg_advisory_xact_lock(%s)", [number_of(keyring)])
                with pytest.raises(BackupBusy), alone(keyring):
                    pass
                with alone(other):
                    pass
            with alone(keyring), psycopg.connect(address) as node:
                locked = "SELECT pg_try_advisory_xact_lock(%s)"
                assert node.execute(locked, [number_of(keyring)]).fetchone() == (False,)
        finally:
            connection.close()
            connection.settings_dict["NAME"] = before
