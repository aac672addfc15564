from __future__ import annotations

import os
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest

from beside.photos import account_closures, developing, removal, turning, uploads
from beside.photos.models import Hold, Photo, PlaceRecord, Rendition, Upload
from beside.photos.vault import store as vault_store
from beside.photos.vault import sweeping
from beside.photos.vault.destroying import destroy
from beside.photos.vault.folder_store import FolderStore
from beside.photos.vault.object_store import ObjectStore
from beside.photos.vault.store import Store, StoreUnavailable
from beside.photos.vault.sweeping import GRACE, Swept, TooMuchToSweep, sweep
from beside.posts import destroying, replaying, taking_back
from beside.posts.models import Audience
from tests import objects
from tests.cast import NOW, make_post
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


def turned(cast, photos, store):
    for photo in photos:
        Photo.objects.filter(pk=photo.pk).update(state="ready", width=6, height=4)
        turning.turn(photo, 1, by=cast.rose)
        shown(developing._claim(NOW), store)


def shown(photo, store):
    made = SimpleNamespace(kind="jpeg", width=4, height=6, notice=None)
    rendition = Rendition(
        pk=stored(store), photo=photo, name="w640", width=4, height=6, stored_bytes=5
    )
    developing._show(photo, made, [rendition])


def not_shown_since_they_were_taken_over(cast, photos, store):
    """They were developed once more than they are shown."""
    made = SimpleNamespace(name="w1280", media_type="image/avif", width=4, height=6, data=b"a")
    for photo in photos:
        Photo.objects.filter(pk=photo.pk).update(state="received")
        claimed = developing._claim(NOW)
        Photo.objects.filter(pk=photo.pk).update(attempts=9)
        developing._keep(claimed, SimpleNamespace(renditions=[made]), b"k" * 32, until=NOW)


def taken_back(cast, photos, store):
    post = make_post(cast.rose, words_for=Audience.ANYONE, photos=photos)
    taking_back.take_back(post, by=cast.rose, at=NOW)


def destroyed(cast, photos, store):
    Photo.objects.update(state="received")
    for photo in Photo.objects.filter(uploader=cast.rose):
        destroying.ask_for_photo(photo, by=cast.rose, at=NOW)
    destroying.run_due(NOW + timedelta(days=90))


def discarded(cast, photos, store):
    uploads.discard(photos, at=NOW)


def of_an_account_that_closes(cast, photos, store):
    account_closures.destroy_photographs(cast.rose, at=NOW)


def put_away(cast, photos, store):
    ids = [photo.pk for photo in photos]
    destroy(Hold.objects.filter(photo__in=ids), at=NOW)
    Photo.objects.update(state="refused", refusal="format")
    for photo in photos:
        developing.put_note_away(photo, by=cast.rose)


def that_a_restore_follows_the_keys_about(cast, photos, store):
    half = [photo.pk for photo in photos[:2]]
    Photo.objects.update(state="ready", width=6, height=4)
    destroy(Hold.objects.filter(photo__in=half), at=NOW)
    destroy(Hold.objects.filter(kind=SHOWN), at=NOW)
    replaying.follow_the_keys(since=1, at=NOW)


def whose_readers_key_has_gone(cast, photos, store):
    destroy(Hold.objects.filter(kind=SHOWN), at=NOW)
    sweep(store, at=NOW)


ENDED = [
    turned,
    not_shown_since_they_were_taken_over,
    taken_back,
    destroyed,
    discarded,
    of_an_account_that_closes,
    put_away,
    that_a_restore_follows_the_keys_about,
    whose_readers_key_has_gone,
]


def named_now(store) -> set[UUID]:
    return sweeping.named(on_disk(store))


@pytest.mark.parametrize("ended", ENDED)
def test_files_go_with_their_rows(store, cast, ended):
    photos = [developed(store, cast.rose)[0] for _ in range(4)]

    ended(cast, photos, store)

    assert on_disk(store) == named_now(store)


@pytest.mark.parametrize("ended", ENDED)
def test_however_many_files_a_crash_leaves_after_their_rows_they_go(
    store, cast, monkeypatch, ended
):
    monkeypatch.setattr(sweeping, "_A_HANDFUL", 0)
    monkeypatch.setattr(removal, "_delete_now", lambda blobs: None)
    photos = [developed(store, cast.rose)[0] for _ in range(4)]
    developed(store, cast.tom)

    ended(cast, photos, store)
    sweep(store, at=LATER)
    sweep(store, at=LATER)

    assert on_disk(store) == named_now(store)
    assert not PlaceRecord.objects.exists()


def test_beside_files_that_were_to_go_too_many_others_are_still_too_many(store, cast, monkeypatch):
    monkeypatch.setattr(sweeping, "_A_HANDFUL", 3)
    _photo, rendition = developed(store, cast.rose)
    others = {stored(store) for _ in range(4)}
    to_go = stored(store)
    PlaceRecord.objects.create(name="delete x", at=NOW, told={"blobs": [to_go.hex]})

    with pytest.raises(TooMuchToSweep, match="4 of 6"):
        sweep(store, at=LATER)

    assert on_disk(store) == {rendition.pk, rendition.photo.original_blob, *others}


def test_a_list_that_cannot_be_read_keeps_nothing_from_being_swept(store, cast, caplog):
    photo, rendition = developed(store, cast.rose)
    PlaceRecord.objects.create(name="delete x", at=NOW, told={})
    stored(store)

    sweep(store, at=LATER)

    assert on_disk(store) == {photo.original_blob, rendition.pk}
    assert caplog.messages == ["files that were to be deleted could not be"]


def test_a_file_that_a_row_names_stays_though_it_was_to_go(store, cast):
    photo, rendition = developed(store, cast.rose)
    ours = {photo.original_blob, rendition.pk}
    told = {"blobs": [blob.hex for blob in ours]}
    PlaceRecord.objects.create(name="delete x", at=NOW, told=told)

    sweep(store, at=LATER)

    assert on_disk(store) == ours


def test_a_store_that_was_away_has_its_files_deleted_later(store, cast, monkeypatch):
    photo, rendition = developed(store, cast.rose)

    def away(self, blobs):
        raise StoreUnavailable("here")

    with monkeypatch.context() as patched:
        patched.setattr(type(store), "delete_all", away)
        uploads.discard([photo], at=NOW)
        with pytest.raises(StoreUnavailable):
            sweep(store, at=NOW)
    assert on_disk(store) == {photo.original_blob, rendition.pk}

    sweep(store, at=NOW)

    assert on_disk(store) == set()
