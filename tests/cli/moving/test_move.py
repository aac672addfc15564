from __future__ import annotations

import errno
import json

import pytest
from django.conf import settings
from django.db import connection

from beside.cli.moving import epoch_keys, move
from beside.cli.moving.sources import SQLiteSource, source_of
from beside.photos.models import Photo, Upload
from beside.photos.uploads import begin
from beside.photos.vault.folder_store import FolderStore
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
