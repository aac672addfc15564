from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from beside.photos.vault import new_place
from beside.photos.vault.epoch import TWO
from beside.photos.vault.new_place import PlaceMissing
from beside.photos.vault.slots import FolderSlots


@pytest.fixture
def key(tmp_path) -> Path:
    (tmp_path / "root.key").write_bytes(bytes(32))
    return tmp_path / "root.key"


@pytest.fixture
def data(tmp_path) -> Path:
    return tmp_path / "data"


def require_place(data: Path, key: Path) -> None:
    new_place.require_place(data, key, has_rows=new_place.has_tables(data / "beside.sqlite3"))


def is_missing(data: Path, key: Path) -> bool:
    return new_place.is_missing(data, key, FolderSlots(data / "keyring"))


def _nothing(data: Path) -> None:
    """The empty folder that a disk is mounted on."""


def _static(data: Path) -> None:
    (data / "static").mkdir()


def _empty_keyring(data: Path) -> None:
    """As a move away leaves it."""
    (data / "keyring").mkdir()


def _opened(data: Path) -> None:
    with closing(sqlite3.connect(data / "beside.sqlite3")) as opened:
        opened.execute("SELECT * FROM sqlite_master")


def _opened_with_log(data: Path) -> None:
    with closing(sqlite3.connect(data / "beside.sqlite3")) as opened:
        opened.execute("PRAGMA journal_mode=WAL")


def _inside(data: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in data.rglob("*")}


@pytest.mark.parametrize(
    "left", [shutil.rmtree, _nothing, _static, _empty_keyring, _opened, _opened_with_log]
)
def test_a_key_without_a_place_is_a_disk_that_is_not_mounted(key, data, left):
    data.mkdir()
    left(data)
    before = _inside(data)

    with pytest.raises(PlaceMissing, match=r"disk mounted.*touch \S+new-place"):
        require_place(data, key)
    assert is_missing(data, key)
    assert _inside(data) == before


def test_without_a_key_it_is_a_new_place(tmp_path, data):
    require_place(data, tmp_path / "root.key")


def _tables(data: Path) -> None:
    with closing(sqlite3.connect(data / "beside.sqlite3")) as made:
        made.execute("CREATE TABLE made (x)")


def _tables_in_log(data: Path) -> None:
    """As a kill leaves them."""
    with closing(sqlite3.connect(data / "beside.sqlite3")) as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("CREATE TABLE made (x)")
        made.commit()
        killed = {path: path.read_bytes() for path in data.iterdir()}
    for path, read in killed.items():
        path.write_bytes(read)


def _unreadable(data: Path) -> None:
    (data / "beside.sqlite3").write_bytes(b"no database" * 100)


def _folder(data: Path) -> None:
    (data / "beside.sqlite3").mkdir()


@pytest.mark.parametrize("made", [_tables, _tables_in_log, _unreadable, _folder])
def test_a_folder_with_a_database_is_a_place(key, data, made):
    data.mkdir()
    made(data)

    assert not is_missing(data, key)
    require_place(data, key)


def test_a_new_place_can_be_meant_once(key, data):
    new_place.mean(data)
    require_place(data, key)

    new_place.made(data)
    new_place.made(data)

    with pytest.raises(PlaceMissing):
        require_place(data, key)


def test_rows_that_are_elsewhere_are_a_place(key, data):
    new_place.require_place(data, key, has_rows=True)


def test_a_keyring_that_was_in_use_is_no_unmounted_disk(key, data):
    (data / "keyring").mkdir(parents=True)
    (data / "keyring" / TWO[1]).write_bytes(b"x")

    assert not is_missing(data, key)
