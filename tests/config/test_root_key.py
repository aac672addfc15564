from __future__ import annotations

import pytest

from beside.config import env, root_key
from beside.photos.vault import new_place
from beside.photos.vault.root import RootKeyInsideData


def settings(data, key) -> env.Env:
    return env.load({"BESIDE_DATA": str(data), "BESIDE_ROOT_KEY_FILE": str(key)})


def test_a_first_start_that_makes_no_key_means_no_new_place_for_the_next(tmp_path):
    here = settings(tmp_path / "data", tmp_path / "data" / "root.key")

    with pytest.raises(RootKeyInsideData):
        root_key.opened(here, is_new_place=True)

    assert not new_place.is_meant(here.data)


def test_a_new_place_that_the_host_has_meant_is_still_meant(tmp_path):
    here = settings(tmp_path / "data", tmp_path / "data" / "root.key")
    new_place.mean(here.data)

    with pytest.raises(RootKeyInsideData):
        root_key.opened(here, is_new_place=True)

    assert new_place.is_meant(here.data)


def test_a_new_place_is_meant_once_its_key_is_there(tmp_path):
    here = settings(tmp_path / "data", tmp_path / "root.key")

    root_key.opened(here, is_new_place=True)

    assert new_place.is_meant(here.data)
    assert here.root_key_file.exists()


def test_a_folder_whose_key_is_no_file_is_meant_by_nobody(tmp_path):
    (tmp_path / "file").write_text("")
    here = settings(tmp_path / "data", tmp_path / "file" / "root.key")

    with pytest.raises(OSError, match=r"Not a directory|File exists"):
        root_key.opened(here, is_new_place=True)

    assert not new_place.is_meant(here.data)
