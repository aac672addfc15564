from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import dj_database_url
import psycopg
import pytest
from django.db import connection

from beside.cli.backups.destination import BackupBusy, alone
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
    restored = other.run("restore", str(tmp_path / "backup"))
    closed = other.sees()
    opened = other.run("open", "--yes")
    after = other.sees()

    assert (done.returncode, restored.returncode, opened.returncode) == (0, 0, 0), restored.stdout
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
    assert cut.stdout.strip() == "Error: The database stopped the restore: the line was cut"
    assert not list(other.data.glob("snapshot-*"))
    assert "interrupted" in other.run("serve").stdout


def test_two_nodes_do_not_write_to_the_same_keyring_at_once(database, django_db_blocker):
    before = connection.settings_dict["NAME"]
    keyring = Path("/mnt/backup/keyring")
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = dj_database_url.parse(database())["NAME"]
        try:
            with alone(keyring):
                with pytest.raises(BackupBusy), alone(keyring):
                    pass
                with alone(Path("/mnt/other/keyring")):
                    pass
            with alone(keyring):
                pass
        finally:
            connection.close()
            connection.settings_dict["NAME"] = before
