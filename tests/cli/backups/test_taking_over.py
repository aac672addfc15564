"""A restore beside a place that may still run: with its own keyring, or its own store."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connection

from beside.cli.backups import restore, restored, taking_over
from beside.cli.process import usable_place
from beside.cli.process.usable_place import RestoreCutOff
from beside.photos.models import Hold, KeyEpoch
from beside.photos.vault.epoch import EpochFile
from beside.photos.vault.folder_store import FolderStore
from beside.photos.vault.keyring import open_keyring, original_key
from beside.photos.vault.root import Root
from beside.photos.vault.slots import FolderSlots
from tests.cli.conftest import forget
from tests.cli.databases import ON_POSTGRESQL
from tests.cli.test_cut_off_restores import killed

pytestmark = pytest.mark.thorough


@pytest.fixture
def keys(place, tmp_path, settings) -> Path:
    """The place keeps its keyring in a folder beside its data."""
    shutil.move(place / "data" / "keyring", tmp_path / "keys")
    settings.BESIDE = settings.BESIDE.model_copy(update={"keyring": str(tmp_path / "keys")})
    forget()
    return tmp_path / "keys"


@pytest.fixture
def bucket(place, tmp_path, settings, monkeypatch) -> FolderStore:
    """The restored place is to keep its files in a bucket, which is a folder."""
    there = FolderStore(tmp_path / "bucket")
    for module in (taking_over, restore):
        real = module.store_at
        monkeypatch.setattr(
            module,
            "store_at",
            lambda at, real=real, **how: there if "s3" in str(at) else real(at, **how),
        )
    return there


def set_bucket() -> None:
    settings.BESIDE = settings.BESIDE.model_copy(update={"store": "s3://photographs/here"})


@pytest.fixture
def backup(place, beside, tmp_path) -> str:
    assert beside("backup", str(tmp_path / "backup")).exit_code == 0
    return str(tmp_path / "backup")


def slots_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("epoch.*")}


def every_photograph_opens() -> bool:
    open_keyring()
    held = Hold.objects.filter(kind=Hold.Kind.ORIGINAL).values_list("photo_id", flat=True)
    return bool([original_key(photo) for photo in held])


def refused(done) -> str:
    assert done.exit_code == 1, done.output
    return " ".join(done.output.split())


def test_a_place_that_may_still_run_keeps_its_keyring(keys, backup, beside, elsewhere):
    before = slots_in(keys)
    second = elsewhere()

    said = refused(beside("restore", backup))

    assert f"At {keys} is the epoch key of the very place that this backup is of." in said
    assert "give the same command with --take-over" in said
    assert slots_in(keys) == before
    assert not (second / "data").exists()


def test_it_is_taken_over_where_that_place_never_runs_again(keys, backup, beside, elsewhere):
    elsewhere()

    done = beside("restore", backup, "--take-over")

    assert done.exit_code == 0, done.output
    assert every_photograph_opens()
    # Once it is whole, the folder is a place, and is asked about first.
    assert "has come to its end already" in refused(beside("restore", backup))


@pytest.mark.parametrize(
    ("owner", "step", "when"),
    [(restore, "put_back", "after"), (restored, "remember", "before"), (restored, "end", "before")],
)
def test_a_restore_that_was_cut_off_goes_on_with_what_it_began_to_use(
    owner, step, when, keys, backup, beside, elsewhere
):
    shutil.rmtree(keys)
    elsewhere()
    killed(owner, step, when, lambda: beside("restore", backup))
    assert slots_in(keys)

    again = beside("restore", backup)

    assert again.exit_code == 0, again.output
    assert every_photograph_opens()


def test_one_that_failed_does_too(keys, backup, beside, elsewhere, monkeypatch):
    shutil.rmtree(keys)
    second = elsewhere()

    def fail(*_how, **_more):
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(restored, "remember", fail)
        refused(beside("restore", backup))
    assert [path.name for path in (second / "data").iterdir()] == ["restoring"]
    with pytest.raises(RestoreCutOff):
        usable_place.require()
    forget()

    again = beside("restore", backup)

    assert again.exit_code == 0, again.output
    assert every_photograph_opens()


def test_one_that_was_cut_off_takes_no_other_keyring(keys, backup, beside, elsewhere, tmp_path):
    before, env = slots_in(keys), settings.BESIDE
    elsewhere()
    now = settings.BESIDE
    settings.BESIDE = now.model_copy(update={"keyring": str(tmp_path / "others")})
    forget()
    killed(restored, "remember", "before", lambda: beside("restore", backup))

    settings.BESIDE = now.model_copy(update={"keyring": env.keyring})
    forget()

    assert "--take-over" in refused(beside("restore", backup))
    assert slots_in(keys) == before


def test_a_key_that_has_come_meanwhile_is_left_alone(keys, backup, beside, elsewhere, monkeypatch):
    """As from a second restore of the same backup, on another machine."""
    before = slots_in(keys)
    keys.rename(keys.with_name("kept"))
    elsewhere()
    really = restore.copy_all

    def copy_all(*how, **more):
        keys.with_name("kept").rename(keys)
        return really(*how, **more)

    monkeypatch.setattr(restore, "copy_all", copy_all)

    assert "--take-over" in refused(beside("restore", backup))
    assert slots_in(keys) == before


@pytest.mark.parametrize("whose", ["another place's", "another root's"])
def test_another_places_key_is_written_over_in_no_case(whose, keys, backup, beside, elsewhere):
    instance = KeyEpoch.objects.get().instance
    shutil.rmtree(keys)
    root = settings.ROOT_KEY if whose == "another place's" else Root(os.urandom(32))
    anothers = uuid4() if whose == "another place's" else instance
    EpochFile(FolderSlots(keys), root, anothers).put_back(1, os.urandom(32))
    before = slots_in(keys)
    elsewhere()

    for words in ([], ["--take-over"]):
        assert "is the epoch key of another place" in refused(beside("restore", backup, *words))

    assert slots_in(keys) == before


def test_a_store_with_files_may_still_be_used(bucket, backup, beside, elsewhere, place):
    mine = FolderStore(place / "data")
    named = {blob: mine.get(blob) for blob, _ in mine.ids()}
    for blob, data in named.items():
        bucket.put(blob, data)
    later = uuid4()
    bucket.put(later, b"taken in since")
    elsewhere()
    set_bucket()

    said = refused(beside("restore", backup))
    assert "There are files at s3://photographs/here already." in said
    assert "give the same command with --take-over" in said

    done = beside("restore", backup, "--take-over")
    assert done.exit_code == 0, done.output
    assert {blob for blob, _ in bucket.ids()} == {*named, later}


def test_another_places_store_is_used_in_no_case(bucket, backup, beside, elsewhere):
    bucket.put(uuid4(), b"somebody else's")
    elsewhere()
    set_bucket()

    said = refused(beside("restore", backup, "--take-over"))

    assert "they are another place's" in said
    assert len(list(bucket.ids())) == 1


def test_an_empty_store_is_filled_and_filled_on(bucket, backup, beside, elsewhere, monkeypatch):
    second = elsewhere()
    set_bucket()
    really, put = FolderStore.put, []

    def full_at_last(store: FolderStore, blob: UUID, data: bytes) -> None:
        if len(put) > 3:
            raise OSError(28, "No space left on device")
        put.append(blob)
        really(store, blob, data)

    with monkeypatch.context() as broken:
        broken.setattr(FolderStore, "put", full_at_last)
        refused(beside("restore", backup))
    assert [path.name for path in (second / "data").iterdir()] == ["restoring"]
    assert len(list(bucket.ids())) == 4

    again = beside("restore", backup)

    assert again.exit_code == 0, again.output
    assert len(list(bucket.ids())) == 9


@pytest.mark.skipif(ON_POSTGRESQL, reason="the rows are in the folder only on SQLite")
def test_a_place_that_was_restored_meanwhile_is_not_emptied(backup, beside, elsewhere, monkeypatch):
    elsewhere()
    really = restore.make_folders

    def meanwhile(data: Path) -> None:
        monkeypatch.setattr(restore, "make_folders", really)
        assert beside("restore", backup).exit_code == 0
        connection.close()
        really(data)

    monkeypatch.setattr(restore, "make_folders", meanwhile)

    assert "has come to its end already" in refused(beside("restore", backup))
    assert every_photograph_opens()
