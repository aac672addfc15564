from __future__ import annotations

import os
from uuid import UUID, uuid4

import pytest

from beside.photos.vault.folder_store import FolderStore
from beside.photos.vault.store import BlobMissing, PartBusy
from tests.photos.vault.interruption import every_way_to_die


def test_a_blob_comes_back_as_it_was_put(tmp_path):
    store = FolderStore(tmp_path)
    blob_id, data = uuid4(), os.urandom(100_000)

    store.put(blob_id, data)

    assert FolderStore(tmp_path).get(blob_id) == data
    assert [found for found, _written in store.ids()] == [blob_id]
    assert list(store.part_ids()) == []


def test_a_blob_is_read_whole_however_little_a_disk_gives_at_once(tmp_path, monkeypatch):
    blob_id, data, read = uuid4(), os.urandom(100_000), os.read
    FolderStore(tmp_path).put(blob_id, data)
    monkeypatch.setattr(os, "read", lambda file, size: read(file, min(size, 7_000)))

    assert FolderStore(tmp_path).get(blob_id) == data


def test_a_blob_lies_under_its_random_name_two_folders_deep(tmp_path):
    blob_id = UUID("0123456789abcdef0123456789abcdef")

    FolderStore(tmp_path).put(blob_id, b"x")

    assert (tmp_path / "blobs" / "01" / "23" / blob_id.hex).read_bytes() == b"x"


def test_blobs_are_for_the_server_alone(tmp_path):
    store = FolderStore(tmp_path)

    store.put(uuid4(), b"x")

    assert not [path for path in tmp_path.rglob("*") if path.stat().st_mode & 0o077]


def test_a_blob_that_is_not_there_is_missed(tmp_path):
    store = FolderStore(tmp_path)

    with pytest.raises(BlobMissing):
        store.get(uuid4())
    with pytest.raises(BlobMissing):
        store.open(uuid4())


def test_deleting_twice_does_no_harm(tmp_path):
    store = FolderStore(tmp_path)
    blob_id = uuid4()
    store.put(blob_id, b"x")

    store.delete(blob_id)
    store.delete(blob_id)

    assert list(store.ids()) == []


def test_a_kill_while_a_blob_is_put_leaves_it_whole_or_absent(tmp_path):
    ids = [uuid4()]
    data = os.urandom(5_000)

    def work() -> None:
        FolderStore(tmp_path).put(ids[-1], data)

    deaths = 0
    for _step in every_way_to_die(work, afresh=lambda: ids.append(uuid4())):
        deaths += 1
        for blob_id, _written in FolderStore(tmp_path).ids():
            assert FolderStore(tmp_path).get(blob_id) == data
    assert deaths > 5


def test_a_blob_is_fsynced_before_it_has_its_name_and_its_folders_after(tmp_path, monkeypatch):
    told = []
    fsync, rename = os.fsync, os.rename

    def watched_fsync(descriptor: int) -> None:
        told.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        fsync(descriptor)

    def watched_rename(source: os.PathLike[str], target: os.PathLike[str]) -> None:
        told.append("rename")
        rename(source, target)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(os, "rename", watched_rename)
    blob_id = uuid4()

    FolderStore(tmp_path).put(blob_id, b"x")

    folder = tmp_path / "blobs" / blob_id.hex[:2] / blob_id.hex[2:4]
    renamed = told.index("rename")
    assert any("/parts/" in path for path in told[:renamed])
    assert {str(folder.parent), str(folder.parent.parent), str(tmp_path)} <= set(told[:renamed])
    assert told[renamed + 1 :] == [str(folder)]


def test_a_part_becomes_the_blob(tmp_path):
    store = FolderStore(tmp_path)
    blob_id = uuid4()
    with store.start_part(blob_id) as part:
        part.write(b"all of it")

    store.finish_part(blob_id)
    store.finish_part(blob_id)

    assert store.get(blob_id) == b"all of it"
    assert list(store.part_ids()) == []


def test_a_part_is_written_by_one_at_a_time(tmp_path):
    store = FolderStore(tmp_path)
    blob_id = uuid4()

    with store.start_part(blob_id), pytest.raises(PartBusy):
        store.open_part(blob_id)

    store.open_part(blob_id).close()


def test_a_part_is_not_started_twice(tmp_path):
    store = FolderStore(tmp_path)
    blob_id = uuid4()
    store.start_part(blob_id).close()

    with pytest.raises(FileExistsError):
        store.start_part(blob_id)


def test_a_part_that_is_not_there_is_missed(tmp_path):
    store = FolderStore(tmp_path)

    with pytest.raises(BlobMissing):
        store.open_part(uuid4())
    with pytest.raises(BlobMissing):
        store.finish_part(uuid4())


def test_parts_are_listed_and_deleted(tmp_path):
    store = FolderStore(tmp_path)
    part_id = uuid4()
    store.start_part(part_id).close()

    listed = [found for found, _written in store.part_ids()]
    store.delete_part(part_id)
    store.delete_part(part_id)

    assert listed == [part_id]
    assert list(store.part_ids()) == []


def test_many_are_deleted_and_no_other(tmp_path):
    store, ids = FolderStore(tmp_path), [uuid4() for _ in range(3)]
    for blob_id in ids:
        store.put(blob_id, b"x")

    store.delete_all([uuid4(), *ids[:-1]])

    assert [blob_id for blob_id, _ in store.ids()] == ids[-1:]
