from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from django.db import DatabaseError, connection

from beside.cli.moving import targets
from beside.cli.moving.refusals import TargetNotEmpty
from beside.cli.moving.sources import has_tables


@pytest.fixture(autouse=True)
def may_open_files(django_db_blocker) -> Iterator[None]:
    """Databases of their own: none is the tests'."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def filled(monkeypatch) -> Callable[..., None]:
    """Rows that are quickly copied, and what happens meanwhile."""

    def fill(act: Callable[[], None] = lambda: None) -> None:
        def one_table(_source, target) -> None:
            act()
            with target.cursor() as cursor:
                cursor.execute("CREATE TABLE ours (word TEXT)")

        monkeypatch.setattr(targets, "fill", one_table)

    return fill


def serve(data) -> None:
    """Somebody makes a place in that folder."""
    with closing(sqlite3.connect(data / "beside.sqlite3")) as theirs:
        theirs.execute("CREATE TABLE theirs (word TEXT)")


def is_theirs(data) -> bool:
    with closing(sqlite3.connect(data / "beside.sqlite3")) as theirs:
        names = {name for (name,) in theirs.execute("SELECT name FROM sqlite_master")}
    return names == {"theirs"}


def test_a_database_that_came_while_rows_were_copied_is_not_written_over(tmp_path, filled):
    filled(lambda: serve(tmp_path))
    to = targets.SQLiteTarget(tmp_path)

    with pytest.raises(TargetNotEmpty), to.filled(connection):
        pytest.fail("it was filled")

    assert is_theirs(tmp_path)
    assert not list(tmp_path.glob("arriving*"))


def test_nor_is_one_that_came_at_the_last_moment(tmp_path, filled):
    filled()
    to = targets.SQLiteTarget(tmp_path)

    with pytest.raises(DatabaseError, match="has got tables meanwhile"), to.filled(connection):
        serve(tmp_path)

    assert is_theirs(tmp_path)


def test_an_empty_file_is_no_place(tmp_path, filled):
    filled()
    (tmp_path / "beside.sqlite3").touch()

    with targets.SQLiteTarget(tmp_path).filled(connection):
        pass

    assert has_tables(tmp_path / "beside.sqlite3")
