from __future__ import annotations

import errno
import json
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection

from beside.cli.moving import epoch_keys, move
from beside.cli.moving.alone import alone
from beside.cli.moving.left import LeftBehind
from beside.cli.moving.move import Move
from beside.cli.moving.refusals import MovedMeanwhile
from beside.cli.moving.sources import SQLiteSource, source_of
from beside.cli.process.one_machine import one_start
from beside.photos.models import KeyEpoch, Photo, Upload
from beside.photos.uploads import begin
from beside.photos.vault.epoch import EpochFile
from beside.photos.vault.folder_store import FolderStore
from beside.photos.vault.slots import FolderSlots
from beside.photos.vault.wrapping import fresh_key
from tests.cast import NOW
from tests.crash import scenario

pytestmark = pytest.mark.thorough


@pytest.fixture
def bucket(tmp_path, monkeypatch) -> str:
    """A bucket that is a folder."""
    real = move.store_at
    monkeypatch.setattr(
        move,
        "store_at",
        lambda at, **how: FolderStore(tmp_path / "bucket") if "s3" in str(at) else real(at, **how),
    )
    return "s3://photographs/elsewhere"


def refuse(*_how, **_more):
    raise OSError(errno.EIO, "the bucket is away")


def test_while_a_copy_of_the_key_cant_be_removed_the_place_stays_set_aside(
    place, beside, tmp_path, monkeypatch
):
    words = ("move", "--keyring", str(tmp_path / "keys"))

    with monkeypatch.context() as broken:
        broken.setattr(epoch_keys, "require_all_open", refuse)
        broken.setattr(epoch_keys, "end", refuse)
        refused = beside(*words)
    assert refused.exit_code == 1
    assert "can't be removed" in refused.output
    assert source_of(settings.BESIDE.data).is_aside()
    assert "give the same command again" in beside("verify").output

    again = beside(*words, "--json")

    assert json.loads(again.output.splitlines()[-1])["keys"] > 0
    assert not source_of(settings.BESIDE.data).is_aside()
    assert "took it elsewhere. Set BESIDE_KEYRING" in beside("verify").output


def test_a_move_that_went_on_and_failed_leaves_the_place_where_it_was(
    place, beside, tmp_path, monkeypatch
):
    words = ("move", "--keyring", str(tmp_path / "keys"))

    with monkeypatch.context() as broken:
        broken.setattr(epoch_keys, "require_all_open", refuse)
        with monkeypatch.context() as more:
            more.setattr(epoch_keys, "end", refuse)
            beside(*words)
        assert source_of(settings.BESIDE.data).is_aside()

        refused = beside(*words)

    assert "the bucket is away" in refused.output
    assert not source_of(settings.BESIDE.data).is_aside()
    assert beside("verify").exit_code == 0


def test_where_the_last_step_fails_the_same_command_goes_on(place, beside, tmp_path, monkeypatch):
    words = ("move", "--keyring", str(tmp_path / "keys"))

    def refuse(_source):
        raise OSError("the disk is away")

    with monkeypatch.context() as broken:
        broken.setattr(SQLiteSource, "put_back", refuse)
        refused = beside(*words)
    assert refused.exit_code == 1
    assert "the last step failed: the disk is away. The place is set aside" in refused.output

    assert beside(*words).exit_code == 0
    assert not source_of(settings.BESIDE.data).is_aside()


def test_a_place_that_lacks_files_stays_where_it_is(place, beside, bucket):
    FolderStore(place / "data").delete(Photo.objects.values_list("original_blob", flat=True)[0])
    connection.close()

    refused = beside("move", "--store", bucket)

    assert refused.exit_code == 1
    assert "photographs of this place need: 1" in refused.output
    assert "--without-lost" in refused.output


def test_another_places_store_is_moved_to_in_no_case(place, beside, bucket, tmp_path):
    theirs = FolderStore(tmp_path / "bucket")
    theirs.put(uuid4(), b"somebody else's")

    refused = beside("move", "--store", bucket)

    assert refused.exit_code == 1
    assert "none of them is this place's" in " ".join(refused.output.split())
    assert len(list(theirs.ids())) == 1
    # A move that was cut off has left some of this place's own.
    [mine, *_] = FolderStore(place / "data").ids()
    theirs.put(mine[0], FolderStore(place / "data").get(mine[0]))
    assert beside("move", "--store", bucket).exit_code == 0


def test_uploads_under_way_are_dropped_where_they_are_kept_otherwise(place, beside, bucket):
    begin(scenario.rose(), 900_000, at=NOW)
    connection.close()

    moved = beside("move", "--store", bucket)

    assert moved.exit_code == 0, moved.output
    assert not Upload.objects.exists()
    assert not Photo.objects.filter(state=Photo.State.RECEIVING).exists()


def test_nothing_to_move_is_a_sentence(place, beside):
    refused = beside("move")

    assert refused.exit_code == 1
    assert "Say with --to, --store or --keyring" in refused.output


def test_the_keyring_in_use_by_another_name_is_where_it_is_already(place, beside, tmp_path):
    keyring = settings.BESIDE.data / "keyring"
    (tmp_path / "link").symlink_to(keyring)
    before = {slot.name: slot.read_bytes() for slot in keyring.iterdir()}

    for name in (str(keyring), f"{keyring}/../keyring", str(tmp_path / "link")):
        refused = beside("move", "--keyring", name)
        assert refused.exit_code == 1
        assert "where this place is already" in refused.output

    assert before == {slot.name: slot.read_bytes() for slot in keyring.iterdir()} != {}


def opens(keyring) -> bool:
    """Whether the key of the rows as they are now is there."""
    epoch = KeyEpoch.objects.get()
    epochs = EpochFile(FolderSlots(keyring), settings.ROOT_KEY, epoch.instance)
    connection.close()
    return epochs.newest() == epoch.generation and bool(epochs.read(epoch.generation))


def moving_to(keyring) -> Move:
    there = settings.BESIDE.model_copy(update={"keyring": str(keyring)})
    return Move(settings.BESIDE, there, to="", without_lost=False)


def test_a_move_that_another_overtook_changes_nothing(place, tmp_path):
    overtaken, other = moving_to(tmp_path / "keys"), moving_to(tmp_path / "keys")
    copied = overtaken._get_ready(at=NOW, quietly=True)
    other.run(at=NOW, quietly=True)
    connection.close()

    with pytest.raises(LeftBehind):
        overtaken._switch(copied, at=NOW)

    assert opens(tmp_path / "keys")
    assert not source_of(settings.BESIDE.data).is_aside()


def test_a_move_that_finds_the_rows_set_aside_meanwhile_changes_nothing(place, tmp_path):
    overtaken = moving_to(tmp_path / "keys")
    copied = overtaken._get_ready(at=NOW, quietly=True)
    source_of(settings.BESIDE.data).set_aside()

    with pytest.raises(MovedMeanwhile):
        overtaken._switch(copied, at=NOW)

    source_of(settings.BESIDE.data).put_back()
    assert opens(settings.BESIDE.data / "keyring")
    assert not (tmp_path / "keys").exists()


def test_of_two_moves_at_once_one_is_refused(place, beside, tmp_path, monkeypatch):
    words = ("move", "--keyring", str(tmp_path / "keys"))
    refused = []
    really = Move._get_ready

    def meanwhile(self, **how):
        copied = really(self, **how)
        monkeypatch.setattr(Move, "_get_ready", really)
        refused.append(beside(*words))
        return copied

    monkeypatch.setattr(Move, "_get_ready", meanwhile)

    assert beside(*words).exit_code == 0
    assert refused[0].exit_code == 1
    assert "Another beside move of this place is running" in refused[0].output
    assert opens(tmp_path / "keys")


def test_a_server_starts_again_while_files_are_copied(place, beside, bucket, monkeypatch):
    """Which may take hours. And a move that is given while a server starts isn't told that another runs."""
    started = []
    really = move.files.carry_all

    def meanwhile(*how, **more):
        with one_start():
            started.append(True)
        return really(*how, **more)

    monkeypatch.setattr(move.files, "carry_all", meanwhile)

    with one_start(), alone(settings.BESIDE.data):
        pass
    assert beside("move", "--store", bucket).exit_code == 0
    assert started


def test_a_key_that_has_come_there_meanwhile_is_left_alone(place, tmp_path, monkeypatch):
    """Whoever it is whose key it is: an undone move ends what is there."""
    late, anothers = moving_to(tmp_path / "keys"), FolderSlots(tmp_path / "keys")
    copied = late._get_ready(at=NOW, quietly=True)
    EpochFile(anothers, settings.ROOT_KEY, uuid4()).put_back(1, fresh_key())
    before = [anothers.read(name) for name in anothers.names()]

    with pytest.raises(epoch_keys.KeyringThere):
        late._switch(copied, at=NOW)
    # Even where it comes in the very moment in which this one is written.
    monkeypatch.setattr(epoch_keys, "require_free", lambda *_how: None)
    with pytest.raises(epoch_keys.KeyringThere):
        late._switch(copied, at=NOW)

    assert [anothers.read(name) for name in anothers.names()] == before
    assert opens(settings.BESIDE.data / "keyring")
    assert not source_of(settings.BESIDE.data).is_aside()


def test_an_undone_move_ends_no_key_that_may_be_the_only_one(place, beside, tmp_path, monkeypatch):
    words = ("move", "--keyring", str(tmp_path / "keys"))
    keyring = settings.BESIDE.data / "keyring"

    def lose_the_old_one(*_how, **_more):
        for slot in keyring.iterdir():
            slot.write_bytes(b"?" * 4096)
        raise OSError(errno.EIO, "the disk is away")

    with monkeypatch.context() as broken:
        broken.setattr(epoch_keys, "require_all_open", lose_the_old_one)
        refused = beside(*words)
    assert refused.exit_code == 1
    assert "may be the only one" in refused.output
    assert source_of(settings.BESIDE.data).is_aside()

    again = beside(*words)

    assert again.exit_code == 0, again.output
    assert opens(tmp_path / "keys")


def test_where_the_old_key_is_lost_already_nothing_is_set_aside(place, beside, tmp_path):
    for slot in (settings.BESIDE.data / "keyring").iterdir():
        slot.unlink()

    refused = beside("move", "--keyring", str(tmp_path / "keys"))

    assert refused.exit_code == 1
    assert "isn't in the keyring" in refused.output
    assert not source_of(settings.BESIDE.data).is_aside()


def test_a_restore_into_the_same_folder_counts_as_a_move(place, beside, tmp_path):
    with alone(settings.BESIDE.data):
        refused = beside("move", "--keyring", str(tmp_path / "keys"))

    assert refused.exit_code == 1
    assert "is running" in refused.output
