from __future__ import annotations

import json
import shutil
import sqlite3
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection

from beside.cli.backups import proof
from beside.moderation.last_runs import last_proof
from beside.photos import developing
from beside.photos.models import Hold, Photo, Rendition
from beside.photos.vault.exporting import read_export
from beside.posts import destroying, taking_back
from tests.crash import scenario
from tests.crash.scenario import AT, rose

pytestmark = pytest.mark.thorough

LATER = AT + timedelta(days=1)


@pytest.fixture
def dest(place, beside, tmp_path) -> Path:
    """A backup."""
    assert beside("backup", str(tmp_path / "backup")).exit_code == 0
    return tmp_path / "backup"


@pytest.fixture
def faults(beside):
    def verify(dest: Path) -> list[str]:
        before = {path: path.read_bytes() for path in dest.rglob("*") if path.is_file()}
        done = beside("verify", str(dest), "--json")
        *found, said = [json.loads(line) for line in done.stdout.splitlines()]
        assert {path: path.read_bytes() for path in dest.rglob("*") if path.is_file()} == before
        assert not list(settings.BESIDE.data.glob("scratch-*"))
        assert done.exit_code == (1 if found else 0)
        assert said["faults"] == len(found)
        return [f"{one['about']}: {one['says']}" for one in found]

    return verify


def file_of(folder: Path, blob: UUID) -> Path:
    return folder / "blobs" / blob.hex[:2] / blob.hex[2:4] / blob.hex


def test_a_whole_backup_is_said_to_be_whole_and_that_is_recorded(dest, beside):
    done = beside("verify", str(dest))

    assert done.exit_code == 0
    assert "Photographs in it: 3." in done.output
    assert last_proof(settings.BESIDE.data).faults == 0


def test_every_file_that_is_lost_or_changed_is_found(dest, faults):
    files = sorted(path for path in dest.glob("blobs/*/*/*"))
    assert len(files) == 9
    wholes = [file.read_bytes() for file in files]
    for number, (file, whole) in enumerate(zip(files, wholes, strict=True)):
        if number % 3 == 0:
            file.unlink()
        elif number % 3 == 1:
            file.write_bytes(whole[:10])
        else:
            file.write_bytes(whole[:-3] + bytes([whole[-3] ^ 1]) + whole[-2:])

    found = faults(dest)

    assert len(found) == 9
    assert all(any(str(UUID(hex=file.name)) in line for line in found) for file in files)
    assert sum("is gone" in line for line in found) == 3
    assert last_proof(settings.BESIDE.data).faults == 9


def test_the_newest_dump_must_open_and_files_are_still_read(dest, beside, faults):
    assert beside("backup", str(dest)).exit_code == 0
    # By its name, as `verify` finds it: two may be of the same second.
    newest = max((dest / "dumps").glob("*.dump"), key=lambda path: path.stem)
    newest.write_bytes(newest.read_bytes()[:-1])
    file_of(dest, scenario.in_drawer().original_blob).unlink()

    found = faults(dest)

    assert len(found) == 2
    assert found[0].startswith(f"dump {newest.stem}")


def test_a_dump_that_is_no_whole_database_is_found(dest, faults, monkeypatch):
    def cut(_dumps, _name, _key, target):
        target.write_bytes(connection_bytes()[:40_000])

    monkeypatch.setattr(proof.Dumps, "open", cut)

    assert any(line.startswith("database: ") for line in faults(dest))


def test_a_dump_of_a_newer_version_is_found(dest, faults, monkeypatch):
    def newer(_dumps, _name, _key, target):
        target.write_bytes(connection_bytes())
        with sqlite3.connect(target) as database:
            # Nor does it let this version run on its tables.
            database.execute("DELETE FROM django_migrations WHERE app = 'beside'")
            database.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('posts', '0099_later', '2026-11-30')"
            )
        database.close()

    monkeypatch.setattr(proof.Dumps, "open", newer)

    assert any("posts.0099_later" in line for line in faults(dest))


def connection_bytes() -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(connection.settings_dict["NAME"]).read_bytes()


def test_a_key_that_the_keyring_lacks_is_found(dest, faults, monkeypatch):
    lacking = scenario.in_drawer().pk
    really = proof.keys_in
    monkeypatch.setattr(
        proof,
        "keys_in",
        lambda file: (
            (held, key)
            for held, key in really(file)
            if (held.photo, held.kind) != (lacking, Hold.Kind.ORIGINAL)
        ),
    )

    [found] = faults(dest)

    assert found.startswith(f"photo {lacking}: Its original key is not in the keyring")


def test_what_was_destroyed_or_taken_back_since_the_dump_is_not_missed(dest, beside, faults):
    post = scenario.published()
    shown = set(Rendition.objects.filter(photo__placed__post=post).values_list("pk", flat=True))
    taking_back.take_back(post, by=rose(), at=LATER)
    while developing.develop_next(LATER):
        pass
    keep_the_dump_before(dest, beside)
    for rendition in shown:
        file_of(dest, rendition).unlink()
    assert faults(dest) == []

    asked = destroying.ask_for_photo(scenario.in_drawer(), by=rose(), at=LATER)
    destroying.destroy_now(asked, by=rose(), at=LATER)
    keep_the_dump_before(dest, beside)
    assert Photo.objects.count() == 2
    assert faults(dest) == []


def keep_the_dump_before(dest: Path, beside) -> None:
    """As if a backup had been cut off after writing the keyring: the newest dump is the one before."""
    before = set((dest / "dumps").glob("*.dump"))
    assert beside("backup", str(dest)).exit_code == 0
    for dump in set((dest / "dumps").glob("*.dump")) - before:
        dump.unlink()


def test_it_needs_no_place_and_records_nothing_where_there_is_none(dest, elsewhere, beside):
    elsewhere()

    done = beside("verify", str(dest))

    assert done.exit_code == 0, done.output
    assert not settings.BESIDE.data.exists()


def test_each_failure_is_a_sentence(dest, beside, elsewhere, move, tmp_path):
    (tmp_path / "empty").mkdir()
    assert "no complete keyring" in said(beside("verify", str(tmp_path / "empty")))
    shutil.copytree(dest, tmp_path / "no-dump")
    for dump in (tmp_path / "no-dump" / "dumps").iterdir():
        dump.unlink()
    assert "No dump in" in said(beside("verify", str(tmp_path / "no-dump")))
    other = elsewhere()
    (other / "root.key").chmod(0o600)
    (other / "root.key").write_bytes(bytes(32))
    move.to(other)
    assert "Put the root key of this backup at" in said(beside("verify", str(dest)))


def said(done) -> str:
    assert done.exit_code == 1
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return " ".join(done.output.split())


def test_every_key_of_a_keyring_is_given_with_whose_it_is(dest):
    file = read_export(dest / "keyring")

    assert {held for held, _key in proof.keys_in(file)} == set(file.holds)
