from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing

import pytest
from django.apps import apps
from django.conf import settings
from django.db import OperationalError

from beside.cli.backups import snapshots
from beside.cli.backups.refusals import CannotWrite
from beside.cli.backups.snapshots import LEFT_OUT, snapshot
from beside.photos.models import Photo


def test_whatever_needs_a_row_that_is_left_out_is_left_out_with_it():
    wanting = [
        (table._meta.db_table, field.name)
        for table in apps.get_models(include_auto_created=True)
        for field in table._meta.concrete_fields
        if field.is_relation and field.related_model._meta.db_table in LEFT_OUT
        if LEFT_OUT.get(table._meta.db_table) not in ("", field.attname)
    ]

    assert wanting == []


def test_what_is_left_out_exists():
    tables = {table._meta.db_table: table for table in apps.get_models()}
    ours = {table: column for table, column in LEFT_OUT.items() if table != "rate_limits"}

    assert ours.keys() <= tables.keys()
    for table, column in ours.items():
        assert column in ["", *(field.attname for field in tables[table]._meta.concrete_fields)]


@pytest.mark.thorough
def test_a_snapshot_is_one_file_of_sqlite_and_goes_in_the_end(place):
    with snapshot(settings.BESIDE.data) as plain, closing(sqlite3.connect(plain)) as copy:
        assert copy.execute("SELECT count(*) FROM photos_photo").fetchone() == (
            Photo.objects.count(),
        )
        for table in LEFT_OUT.keys() - {"rate_limits"}:
            some = "WHERE session_id IS NOT NULL" if LEFT_OUT[table] else ""
            assert copy.execute(f"SELECT count(*) FROM {table} {some}").fetchone() == (0,)
        assert copy.execute("PRAGMA foreign_key_check").fetchall() == []
        assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]

    assert not list(settings.BESIDE.data.glob("snapshot-*"))


@pytest.mark.thorough
def test_what_a_killed_backup_left_goes_at_the_next(place, beside, tmp_path):
    plain = settings.BESIDE.data / "snapshot-0123"
    draft = tmp_path / "backup" / "dumps" / f".20261102T120000Z-{'0123' * 8}"
    draft.parent.mkdir(parents=True)
    for left in (plain, plain.with_name("snapshot-0123-journal"), draft):
        left.write_bytes(b"half a letter")

    done = beside("backup", str(tmp_path / "backup"), "--json")

    assert json.loads(done.stdout)["dump"]
    assert not list(settings.BESIDE.data.glob("snapshot-*"))
    assert [path.suffix for path in draft.parent.iterdir()] == [".dump"]


def test_a_folder_that_a_snapshot_cannot_have_is_the_one_that_is_named(place, tmp_path):
    missing = tmp_path / "none"

    with pytest.raises(CannotWrite, match=re.escape(str(missing))), snapshot(missing):
        pass


def test_a_copy_that_finds_no_room_is_not_taken_for_a_full_database(tmp_path):
    """On PostgreSQL the copy's own file is SQLite's, and the place's rows have all the room that they want."""
    full = OperationalError("database or disk is full")
    full.__cause__ = sqlite3.OperationalError("database or disk is full")

    with (
        pytest.raises(CannotWrite, match=re.escape(f"There is no room for it in {tmp_path}")),
        snapshots._told_of(tmp_path),
    ):
        raise full
    with pytest.raises(OperationalError), snapshots._told_of(tmp_path):
        raise OperationalError("No space left on device")
