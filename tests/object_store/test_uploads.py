from __future__ import annotations

import io
import os
from contextlib import suppress
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from beside.photos import original_pieces, parts, uploads
from beside.photos.disk_full import CannotKeep
from beside.photos.form_uploads import Arrival
from beside.photos.models import Hold, OriginalPiece, Photo, Upload
from beside.photos.parts import LEASE
from beside.photos.uploads import NoSuchUpload, OffsetElsewhere
from beside.photos.vault.destroying import destroy
from beside.photos.vault.object_store import ObjectStore
from beside.photos.vault.sealing import BlobAltered, UploadAltered
from beside.photos.vault.store import BlobMissing, PartBusy, store
from beside.photos.vault.sweeping import sweep
from tests.cast import NOW
from tests.object_store.conftest import whole_upload
from tests.parallel import in_parallel

CONTENT = os.urandom(2_800_000)
LATER = NOW + timedelta(minutes=5)


class Crash(BaseException):
    """The node ends here."""


def on_store() -> set[UUID]:
    return {blob for blob, _written in store().ids()}


def go_on(upload: Upload) -> int:
    """What a phone does after its line, or the node, broke: ask, and send the rest."""
    received, total = uploads.progress(upload.pk, by=upload.account)
    if received < total:
        rest = io.BytesIO(CONTENT[received:])
        uploads.receive(upload, rest.read, offset=received, at=LATER)
    return received


def test_an_original_is_its_pieces_and_its_end_and_no_file_in_the_data_folder(cast, data, whole):
    photo = whole_upload(cast.rose, CONTENT, at=NOW)

    pieces = original_pieces.ids_of([photo.pk])
    assert len(pieces) > 3
    assert on_store() == {photo.original_blob, *pieces}
    assert whole(photo) == CONTENT
    assert not [path for path in data.rglob("*") if path.is_file()]


def test_a_photograph_from_a_form_is_in_pieces_too(cast, data, whole):
    arrival = Arrival(cast.rose, name_on_phone="x", at=NOW)
    for start in range(0, len(CONTENT), 70_000):
        arrival.write(CONTENT[start : start + 70_000])
    photo = arrival.finish()

    assert len(original_pieces.ids_of([photo.pk])) == 3
    assert whole(photo) == CONTENT


def test_a_form_that_is_broken_off_leaves_nothing(cast, data, django_capture_on_commit_callbacks):
    arrival = Arrival(cast.rose, name_on_phone="x", at=NOW)
    arrival.write(CONTENT)
    with django_capture_on_commit_callbacks(execute=True):
        arrival.stop(at=NOW)

    assert on_store() == set()
    assert not OriginalPiece.objects.exists()


def test_stopping_deletes_the_pieces(cast, data, django_capture_on_commit_callbacks):
    upload = uploads.begin(cast.rose, len(CONTENT), at=NOW)
    uploads.receive(upload, io.BytesIO(CONTENT[:1_500_000]).read, offset=0, at=NOW)
    before = on_store()

    with django_capture_on_commit_callbacks(execute=True):
        uploads.stop(upload, at=NOW)

    assert len(before) == 2
    assert on_store() == set()


@pytest.mark.parametrize("number", range(1, 6))
@pytest.mark.parametrize("has_written", [False, True])
@pytest.mark.parametrize("wrong", [Crash(), OSError(5, "no answer")], ids=["crash", "no answer"])
def test_cut_off_at_any_write_loses_nothing_that_was_confirmed(
    cast, data, whole, monkeypatch, number, has_written, wrong
):
    upload, count, put = uploads.begin(cast.rose, len(CONTENT), at=NOW), [0], ObjectStore.put

    def cut_off(self, blob_id, sealed):
        count[0] += 1
        if count[0] != number or has_written:
            put(self, blob_id, sealed)
        if count[0] == number:
            raise wrong

    with monkeypatch.context() as patch:
        patch.setattr(ObjectStore, "put", cut_off)
        with suppress(Crash, CannotKeep):
            uploads.receive(upload, io.BytesIO(CONTENT).read, offset=0, at=NOW)
    confirmed = Upload.objects.filter(pk=upload.pk).values_list("received_bytes", flat=True).first()
    first = go_on(upload)

    assert count[0] >= number or number == 5
    assert confirmed is None or first >= confirmed
    assert whole(upload.photo) == CONTENT
    assert not Upload.objects.exists()


def test_another_node_goes_on_once_the_lease_of_the_one_that_died_is_over(cast, data, whole):
    upload = uploads.begin(cast.rose, len(CONTENT), at=NOW)
    uploads.receive(upload, io.BytesIO(CONTENT[:1_000_000]).read, offset=0, at=NOW)
    # The first node died while it wrote.
    Upload.objects.update(lease=uuid4(), leased_until=NOW + LEASE)

    with pytest.raises(PartBusy):
        uploads.receive(upload, io.BytesIO(CONTENT[1_000_000:]).read, offset=1_000_000, at=NOW)
    after = NOW + LEASE
    uploads.receive(upload, io.BytesIO(CONTENT[1_000_000:]).read, offset=1_000_000, at=after)

    assert whole(upload.photo) == CONTENT


def test_a_lease_from_a_clock_that_was_years_ahead_holds_nothing(cast, data, whole):
    upload = uploads.begin(cast.rose, len(CONTENT), at=NOW)
    Upload.objects.update(lease=uuid4(), leased_until=NOW + timedelta(days=3000))

    uploads.receive(upload, io.BytesIO(CONTENT).read, offset=0, at=NOW)

    assert whole(upload.photo) == CONTENT


def test_of_two_nodes_that_write_the_same_piece_one_counts(cast, data, whole, monkeypatch):
    """The lease of the first ended while its store was slow."""
    upload, put = uploads.begin(cast.rose, len(CONTENT), at=NOW), ObjectStore.put
    others: list[int] = []

    def slow(self, blob_id, sealed):
        put(self, blob_id, sealed)
        if not others:
            others.append(1)
            uploads.receive(upload, io.BytesIO(CONTENT[:900_000]).read, offset=0, at=NOW + LEASE)

    monkeypatch.setattr(ObjectStore, "put", slow)
    with pytest.raises(OffsetElsewhere) as elsewhere:
        uploads.receive(upload, io.BytesIO(CONTENT).read, offset=0, at=NOW)
    go_on(upload)

    assert elsewhere.value.received == 900_000
    assert whole(upload.photo) == CONTENT


@pytest.mark.django_db(transaction=True)
def test_many_that_send_the_same_rest_at_once_make_one_photograph(cast, data, whole):
    upload = uploads.begin(cast.rose, 100_000, at=NOW)

    said = in_parallel(
        lambda _number: uploads.receive(
            upload, io.BytesIO(CONTENT[:100_000]).read, offset=0, at=NOW
        ),
        times=8,
    )

    wrong = [one for one in said if isinstance(one, Exception)]
    assert {type(one) for one in wrong} <= {OffsetElsewhere, PartBusy, NoSuchUpload, CannotKeep}
    assert whole(upload.photo) == CONTENT[:100_000]
    assert OriginalPiece.objects.filter(photo=upload.photo).count() == 1


def test_a_row_that_is_not_as_its_pieces_are_is_said_so_and_never_taken(cast, data):
    upload = uploads.begin(cast.rose, len(CONTENT), at=NOW)
    uploads.receive(upload, io.BytesIO(CONTENT[:900_000]).read, offset=0, at=NOW)
    OriginalPiece.objects.all().delete()

    with pytest.raises(UploadAltered):
        uploads.receive(upload, io.BytesIO(CONTENT[900_000:]).read, offset=900_000, at=NOW)


@pytest.mark.parametrize("change", ["lost", "swapped", "cut"])
def test_a_piece_that_was_altered_is_never_given_out(cast, data, whole, change):
    photo = whole_upload(cast.rose, CONTENT, at=NOW)
    first, second = original_pieces.ids_of([photo.pk])[:2]
    if change == "lost":
        store().delete(second)
    elif change == "swapped":
        store().put(second, store().get(first))
    else:
        store().put(second, store().get(second)[:-1])

    with pytest.raises((BlobMissing, BlobAltered)):
        whole(photo)


def test_the_worker_closes_what_was_cut_off_at_its_last_step(cast, data, whole, monkeypatch):
    upload = uploads.begin(cast.rose, 100, at=NOW)
    with monkeypatch.context() as patch:
        patch.setattr(uploads, "arrive", lambda *_: (_ for _ in ()).throw(Crash()))
        with pytest.raises(Crash):
            uploads.receive(upload, io.BytesIO(b"x" * 100).read, offset=0, at=NOW)

    uploads.expire(NOW)

    assert whole(upload.photo) == b"x" * 100
    assert Photo.objects.get(pk=upload.pk).state == Photo.State.RECEIVED


def test_a_busy_part_and_a_free_one_are_read_to_be_checked(cast, data):
    upload = uploads.begin(cast.rose, len(CONTENT), at=NOW)
    uploads.receive(upload, io.BytesIO(CONTENT[:900_000]).read, offset=0, at=NOW)

    part = parts.reading(upload.photo)

    assert part is not None
    assert len(part.read()) > 900_000


@pytest.mark.parametrize("fault", ["stalls", "refuses"])
def test_a_store_that_takes_nothing_is_told_in_a_sentence_and_the_upload_goes_on(
    cast, behind, whole, fault
):
    upload = uploads.begin(cast.rose, len(CONTENT), at=NOW)
    uploads.receive(upload, io.BytesIO(CONTENT[:1_000_000]).read, offset=0, at=NOW)
    setattr(behind, fault, True)
    with pytest.raises(CannotKeep, match="still on your phone"):
        uploads.receive(upload, io.BytesIO(CONTENT[1_000_000:]).read, offset=1_000_000, at=NOW)
    setattr(behind, fault, False)

    assert go_on(upload) == 1_000_000
    assert whole(upload.photo) == CONTENT


@pytest.mark.usefixtures("patient")
def test_what_was_destroyed_is_swept_with_its_pieces_however_late_the_store_lists(
    cast, behind, transactional_db
):
    photo = whole_upload(cast.rose, CONTENT, at=NOW)
    kept = whole_upload(cast.rose, CONTENT[:500_000], at=NOW)
    destroy(Hold.objects.filter(photo=photo), at=NOW)

    first = sweep(store(), at=NOW)
    again = sweep(store(), at=NOW)

    assert first.blobs == len(original_pieces.ids_of([photo.pk])) + 1
    assert again.blobs == 0
    assert on_store() == {kept.original_blob, *original_pieces.ids_of([kept.pk])}
