from __future__ import annotations

import os
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from beside.photos.models import Hold, Photo, Rendition, Upload
from beside.photos.vault import store as vault_store
from beside.photos.vault.destroying import destroy
from beside.photos.vault.folder_store import FolderStore
from beside.photos.vault.object_store import ObjectStore
from beside.photos.vault.store import Store
from beside.photos.vault.sweeping import GRACE, Swept, TooMuchToSweep, sweep
from tests import objects
from tests.cast import NOW
from tests.photos.vault.family import ORIGINAL, SHOWN, photograph

LATER = NOW + GRACE + timedelta(hours=1)


@pytest.fixture
def store(place, ring, monkeypatch) -> Store:
    if objects.are_used():
        # It says itself when something was written: that is now, and not in these tests' time.
        ids = ObjectStore.ids
        written = NOW.timestamp()
        monkeypatch.setattr(
            ObjectStore,
            "ids",
            lambda self, after=None: ((blob, written) for blob, _ in ids(self, after=after)),
        )
    return vault_store.store()


def on_disk(store: Store) -> set[UUID]:
    return {blob_id for blob_id, _written in store.ids()}


def stored(store: Store, blob_id: UUID | None = None) -> UUID:
    blob_id = blob_id or uuid4()
    store.put(blob_id, b"noise")
    if isinstance(store, FolderStore):
        _written_now(store._blob(blob_id))
    return blob_id


def part(store: Store, part_id: UUID) -> UUID:
    store.start_part(part_id).close()
    _written_now(store._part(part_id))
    return part_id


def _written_now(path) -> None:
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))


def developed(store: Store, *holders) -> tuple[Photo, Rendition]:
    photo, _keys = photograph(*holders)
    rendition = Rendition.objects.create(
        photo=photo, name="w640", media_type="image/avif", width=640, height=480, stored_bytes=5
    )
    stored(store, photo.original_blob)
    stored(store, rendition.pk)
    return photo, rendition


def test_files_that_rows_name_stay(store, cast):
    photo, rendition = developed(store, cast.rose)

    swept = sweep(store, at=LATER)

    assert swept == Swept(0, 0)
    assert on_disk(store) == {photo.original_blob, rendition.pk}


def test_a_file_that_no_row_names_goes_after_the_grace(store, cast):
    photo, rendition = developed(store, cast.rose)
    ours = {photo.original_blob, rendition.pk}
    orphan = stored(store)

    early = sweep(store, at=NOW + GRACE - timedelta(minutes=1))
    kept = on_disk(store)
    late = sweep(store, at=LATER)

    assert (early, kept) == (Swept(0, 0), {orphan, *ours})
    assert (late, on_disk(store)) == (Swept(1, 0), ours)


def test_in_a_store_of_which_it_knows_no_file_it_deletes_nothing(store):
    anothers = stored(store)

    with pytest.raises(TooMuchToSweep):
        sweep(store, at=LATER)

    assert on_disk(store) == {anothers}


@pytest.mark.skipif(objects.are_used(), reason="a store has no parts")
def test_an_upload_keeps_its_part_and_others_go(store, cast):
    photo, _keys = photograph(cast.rose)
    Upload.objects.create(
        photo=photo, account=cast.rose, total_bytes=9, began_at=NOW, expires_at=NOW
    )
    awaited = part(store, photo.original_blob)
    part(store, uuid4())

    swept = sweep(store, at=LATER)

    assert swept == Swept(0, 1)
    assert [part_id for part_id, _written in store.part_ids()] == [awaited]


def test_what_was_taken_back_goes_and_the_original_stays(store, cast):
    photo, _rendition = developed(store, cast.rose)
    destroy(Hold.objects.filter(photo=photo, kind=SHOWN), at=NOW)

    sweep(store, at=LATER)

    assert on_disk(store) == {photo.original_blob}
    assert not Rendition.objects.exists()


def test_what_was_destroyed_goes_at_once(store, cast):
    photo, _rendition = developed(store, cast.rose)
    destroy(Hold.objects.filter(photo=photo, kind=ORIGINAL), at=NOW)

    sweep(store, at=NOW)

    assert photo.original_blob not in on_disk(store)


def test_one_author_s_dropped_hold_takes_no_file(store, cast):
    photo, rendition = developed(store, cast.rose, cast.tom)
    destroy(Hold.objects.filter(photo=photo, account=cast.rose), at=NOW)

    sweep(store, at=LATER)

    assert on_disk(store) == {photo.original_blob, rendition.pk}


def test_files_whose_holds_vanished_without_a_destroy_are_left_for_a_backup_to_open(store, cast):
    photo, rendition = developed(store, cast.rose)
    Hold.objects.all().delete()

    sweep(store, at=LATER)

    assert on_disk(store) == {photo.original_blob, rendition.pk}


def test_a_server_with_the_wrong_database_sweeps_nothing(store, monkeypatch):
    for _ in range(101):
        stored(store)

    with pytest.raises(TooMuchToSweep, match="101 of 101"):
        sweep(store, at=LATER)

    assert len(on_disk(store)) == 101


def test_sweeping_finishes_a_destroy_that_was_cut_off(ring, store, cast, monkeypatch):
    photo, _rendition = developed(store, cast.rose)
    monkeypatch.setattr("beside.photos.vault.destroying.settle", lambda: None)
    destroy(Hold.objects.filter(photo=photo), at=NOW)
    left = ring.epochs.newest(), ring.epochs.read(1)

    sweep(store, at=NOW)

    assert left[0] == 2
    with pytest.raises(LookupError):
        _ = {slot.generation: slot for slot in ring.epochs._slots()}[1]
