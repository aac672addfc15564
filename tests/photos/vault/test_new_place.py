from __future__ import annotations

from pathlib import Path

import pytest

from beside.photos.vault import new_place
from beside.photos.vault.new_place import PlaceMissing
from beside.photos.vault.slots import FolderSlots


@pytest.fixture
def key(tmp_path) -> Path:
    (tmp_path / "root.key").write_bytes(bytes(32))
    return tmp_path / "root.key"


@pytest.fixture
def data(tmp_path) -> Path:
    return tmp_path / "data"


@pytest.mark.parametrize("is_mounted_over", [False, True])
def test_a_key_without_a_place_is_a_disk_that_is_not_mounted(key, data, is_mounted_over):
    if is_mounted_over:
        (data / "static").mkdir(parents=True)

    with pytest.raises(PlaceMissing, match=r"disk mounted.*touch \S+new-place"):
        new_place.require_place(data, key, FolderSlots(data / "keyring"))


def test_without_a_key_it_is_a_new_place(tmp_path, data):
    new_place.require_place(data, tmp_path / "root.key", FolderSlots(data / "keyring"))


@pytest.mark.parametrize("what", ["keyring", "beside.sqlite3"])
def test_a_folder_with_a_keyring_or_a_database_is_a_place(key, data, what):
    (data / what).mkdir(parents=True)

    new_place.require_place(data, key, FolderSlots(data / "keyring"))


def test_a_new_place_can_be_meant_once(key, data):
    new_place.mean(data)
    new_place.require_place(data, key, FolderSlots(data / "keyring"))

    new_place.made(data)
    new_place.made(data)

    with pytest.raises(PlaceMissing):
        new_place.require_place(data, key, FolderSlots(data / "keyring"))
