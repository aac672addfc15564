from __future__ import annotations

import os
import pickle
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from beside.photos.vault.root import (
    Root,
    RootKeyInsideData,
    RootKeyMissing,
    RootKeyWrongLength,
    derive,
    open_root,
)
from tests.photos.vault.interruption import every_way_to_die


def test_the_root_key_is_made_once_and_found_again(tmp_path):
    path = tmp_path / "secrets" / "root.key"

    made = open_root(path, data_folder=tmp_path / "data", may_make=True)
    found = open_root(path, data_folder=tmp_path / "data", may_make=False)

    assert derive(made, "epoch") == derive(found, "epoch")
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert [file.name for file in path.parent.iterdir()] == ["root.key"]


def test_processes_that_start_at_once_agree_on_one_root_key(tmp_path):
    def start(_number: int) -> bytes:
        root = open_root(tmp_path / "root.key", data_folder=tmp_path / "data", may_make=True)
        return derive(root, "epoch")

    with ThreadPoolExecutor(8) as processes:
        keys = set(processes.map(start, range(32)))

    assert len(keys) == 1


def test_a_root_key_is_not_made_beside_data_that_needs_the_old_one(tmp_path):
    with pytest.raises(RootKeyMissing, match="Put the key back"):
        open_root(tmp_path / "root.key", data_folder=tmp_path / "data", may_make=False)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "place", ["data/root.key", "data/deep/er/root.key", "other/../data/root.key"]
)
def test_a_root_key_inside_the_data_folder_is_refused(tmp_path, place):
    (tmp_path / "other").mkdir()

    with pytest.raises(RootKeyInsideData, match="outside"):
        open_root(tmp_path / place, data_folder=tmp_path / "data", may_make=True)


def test_a_root_key_that_links_into_the_data_folder_is_refused(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "key").write_bytes(bytes(32))
    (tmp_path / "root.key").symlink_to(tmp_path / "data" / "key")

    with pytest.raises(RootKeyInsideData):
        open_root(tmp_path / "root.key", data_folder=tmp_path / "data", may_make=True)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_root_key_of_another_length_is_refused(tmp_path, length):
    (tmp_path / "root.key").write_bytes(bytes(length))

    with pytest.raises(RootKeyWrongLength, match=f"is {length}"):
        open_root(tmp_path / "root.key", data_folder=tmp_path / "data", may_make=True)


def test_a_kill_while_the_root_key_is_made_leaves_a_whole_key_or_none(tmp_path):
    path = tmp_path / "root.key"

    def work() -> None:
        open_root(path, data_folder=tmp_path / "data", may_make=True)

    def afresh() -> None:
        for file in tmp_path.iterdir():
            file.unlink()

    for _step in every_way_to_die(work, afresh=afresh):
        assert not path.exists() or len(path.read_bytes()) == 32


def test_each_purpose_has_a_key_of_its_own():
    root = Root(os.urandom(32))

    keys = {
        derive(root, purpose)
        for purpose in ("delivery-url", "django-secret", "epoch", "keyring-file", "dump")
    }

    assert len(keys) == 5


def test_the_root_key_is_never_printed_or_pickled():
    root = Root(b"a root key that nobody must read")

    assert "nobody" not in f"{root!r} {root}"
    with pytest.raises(TypeError):
        pickle.dumps(root)
