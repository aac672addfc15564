from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from beside.cli.moving import files
from beside.cli.moving.files import FileDiffers, Stores, carry_all, carry_rest, lost_already
from beside.cli.moving.progress import Progress
from beside.cli.moving.sources import SQLiteSource
from beside.photos.models import Photo
from beside.photos.vault.folder_store import FolderStore


@pytest.fixture
def stores(tmp_path) -> Stores:
    return Stores(FolderStore(tmp_path / "here"), FolderStore(tmp_path / "there"))


@pytest.fixture
def progress(tmp_path) -> Progress:
    source = SQLiteSource(tmp_path)
    return Progress(tmp_path, source, database="", store="store", keyring="keyring")


def filled(stores: Stores, many: int = 5) -> dict[UUID, bytes]:
    data = {uuid4(): bytes([number]) * 300 for number in range(1, many + 1)}
    for blob, sealed in data.items():
        stores.source.put(blob, sealed)
    return data


def test_every_file_is_there_and_one_that_differs_is_written_again(stores, progress):
    data = filled(stores)
    stores.target.put(min(data), b"not this")

    assert carry_all(stores, progress, quietly=True) == len(data)

    assert {blob: stores.target.get(blob) for blob in data} == data
    assert progress.until() == max(data)


def test_cut_off_it_goes_on_after_what_was_compared(stores, progress, monkeypatch):
    data = filled(stores, 4)
    monkeypatch.setattr(files, "_REMEMBERED_EACH", 2)
    seen: list[UUID] = []
    put = FolderStore.put

    def failing(self, blob_id, sealed):
        seen.append(blob_id)
        if len(seen) == 3:
            raise OSError("cut")
        put(self, blob_id, sealed)

    monkeypatch.setattr(files, "_AT_ONCE", 1)
    monkeypatch.setattr(FolderStore, "put", failing)
    with pytest.raises(OSError, match="cut"):
        carry_all(stores, progress, quietly=True)
    assert carry_all(stores, progress, quietly=True) in (1, 2)

    # The third failed at its first try; the first two weren't touched again.
    assert seen.count(min(data)) == 1
    assert {blob: stores.target.get(blob) for blob in data} == data


def test_a_store_that_gives_back_something_else_stops_the_move(stores, progress, monkeypatch):
    filled(stores)
    monkeypatch.setattr(FolderStore, "get", lambda _self, _blob: b"what was read")
    monkeypatch.setattr(FolderStore, "reads_back", lambda _self, _blob, _data: False)

    with pytest.raises(FileDiffers):
        carry_all(stores, progress, quietly=True)


def test_what_a_row_names_is_copied_though_the_store_doesnt_list_it_yet(place, stores, monkeypatch):
    blob = Photo.objects.values_list("original_blob", flat=True).first()
    here = Stores(FolderStore(place / "data"), stores.target)
    monkeypatch.setattr(FolderStore, "sizes", lambda _self: iter(()))

    carried = carry_rest(here, alias="default")

    assert blob in {found for found, _ in stores.target.ids()}
    assert carried.copied
    assert carried.lost == frozenset()


def test_what_is_lost_is_told(place, stores):
    here = FolderStore(place / "data")
    blob = Photo.objects.values_list("original_blob", flat=True).first()
    here.delete(blob)

    both = Stores(here, stores.target)
    assert lost_already(both, alias="default") == {blob}
    assert carry_rest(both, alias="default").lost == {blob}


def test_what_was_lost_since_it_was_copied_is_not_lost(place, stores):
    both = Stores(FolderStore(place / "data"), stores.target)
    blob = Photo.objects.values_list("original_blob", flat=True).first()
    stores.target.put(blob, both.source.get(blob))
    both.source.delete(blob)

    assert lost_already(both, alias="default") == frozenset()
    assert carry_rest(both, alias="default").lost == frozenset()
    assert stores.target.get(blob)


def test_what_was_copied_is_remembered_beside_how_far_the_move_has_come(progress):
    progress.switch()

    progress.remember(UUID(int=7))

    assert progress.is_switching()
    assert progress.until() == UUID(int=7)


def test_a_file_that_the_other_store_lists_and_lacks_is_copied(stores, progress, monkeypatch):
    [blob] = filled(stores, 1)
    monkeypatch.setattr(type(stores.target), "ids", lambda *_args, **_how: [(blob, 0.0)])

    assert carry_all(stores, progress, quietly=True) == 1
    assert stores.target.get(blob) == stores.source.get(blob)
