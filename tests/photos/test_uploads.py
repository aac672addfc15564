from __future__ import annotations

import io
import os
from contextlib import suppress
from datetime import timedelta

import pytest
from django.conf import settings

from beside.photos import original_pieces, parts, uploads
from beside.photos.disk_full import CannotKeep, PlaceIsFull
from beside.photos.models import HiddenPhoto, Hold, KeyEpoch, Photo, Tombstone, Upload
from beside.photos.quota import EmptyFile, NoRoom, TooLarge, TooManyOpen
from beside.photos.uploads import NoSuchUpload, OffsetElsewhere, Progress
from beside.photos.vault.destroying import REPLACED_WITHIN, replace_if_due
from beside.photos.vault.sealing import UploadAltered
from beside.photos.vault.store import PartBusy
from tests import objects
from tests.cast import NOW
from tests.photos.odd_names import ODD_NAMES

MIB = 1 << 20
MARKER = b"the light was on the wall of room four"
CONTENT = (MARKER + os.urandom(4096)) * 700

# tests/object_store/test_uploads.py has the same for a store.
in_the_data_folder = pytest.mark.skipif(objects.are_used(), reason="photographs are in a store")


class Line:
    """A phone's connection, that breaks after so many bytes."""

    def __init__(self, content: bytes, *, breaks_after: int) -> None:
        self._content = io.BytesIO(content[:breaks_after])

    def read(self, size: int) -> bytes:
        piece = self._content.read(min(size, 60_000))
        if not piece:
            raise ConnectionResetError
        return piece


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.thorough
def test_uploads_that_are_begun_and_stopped_replace_the_epoch_key_once_between_them(cast, data):
    for _ in range(100):
        upload = uploads.begin(cast.rose, 10, at=NOW)
        uploads.receive(upload, io.BytesIO(b"x").read, offset=0, at=NOW)
        uploads.stop(Upload.objects.get(pk=upload.pk), at=NOW)
    assert KeyEpoch.objects.get().generation == 1

    replace_if_due(NOW + REPLACED_WITHIN)

    assert KeyEpoch.objects.get().generation == 2
    assert not Hold.objects.exists()


@pytest.mark.parametrize("size", [5_000_000, MIB, 300_000, MIB + 1])
def test_a_photograph_comes_back_byte_for_byte_however_it_came(receive, whole, size):
    photo = receive(CONTENT, at=NOW, size=size)

    assert photo.state == Photo.State.RECEIVED
    assert photo.original_bytes == len(CONTENT)
    assert whole(photo) == CONTENT
    assert not Upload.objects.exists()


def test_a_photograph_has_two_keys_held_by_its_uploader(cast, data):
    upload = uploads.begin(cast.rose, 10, at=NOW)

    holds = Hold.objects.filter(photo=upload.photo, account=cast.rose)

    assert {hold.kind for hold in holds} == set(Hold.Kind)


def test_nothing_plain_is_ever_on_disk(cast, data):
    upload = uploads.begin(cast.rose, len(CONTENT), name_on_phone="x", at=NOW)

    for start in range(0, len(CONTENT), 400_000):
        piece = io.BytesIO(CONTENT[start : start + 400_000])
        uploads.receive(upload, piece.read, offset=start, at=NOW)

        assert all(MARKER not in path.read_bytes() for path in files(data))
    assert Photo.objects.get(pk=upload.pk).state == Photo.State.RECEIVED


def test_a_broken_line_keeps_what_came_through_it(cast, data, whole):
    upload = uploads.begin(cast.rose, len(CONTENT), at=NOW)

    here = uploads.receive(upload, Line(CONTENT, breaks_after=1_500_000).read, offset=0, at=NOW)
    rest = io.BytesIO(CONTENT[here:])
    uploads.receive(upload, rest.read, offset=here, at=NOW)

    assert here == 1_500_000
    assert whole(upload.photo) == CONTENT


def test_bytes_for_another_place_are_told_where_it_goes_on(cast, data):
    upload = uploads.begin(cast.rose, 100, at=NOW)
    uploads.receive(upload, io.BytesIO(b"x" * 40).read, offset=0, at=NOW)

    with pytest.raises(OffsetElsewhere) as elsewhere:
        uploads.receive(upload, io.BytesIO(b"y" * 40).read, offset=0, at=NOW)

    assert elsewhere.value.received == 40


def test_an_offset_beyond_what_came_is_refused_even_with_nothing_behind_it(cast, data):
    upload = uploads.begin(cast.rose, 100, at=NOW)

    with pytest.raises(OffsetElsewhere):
        uploads.receive(upload, io.BytesIO(b"").read, offset=100, at=NOW)


def test_a_silent_phone_does_not_stop_another_line(cast, data, whole):
    upload = uploads.begin(cast.rose, len(CONTENT), at=NOW)

    def silent(size: int) -> bytes:
        uploads.receive(upload, io.BytesIO(CONTENT).read, offset=0, at=NOW)
        return CONTENT[:size]

    with pytest.raises((OffsetElsewhere, NoSuchUpload)):
        uploads.receive(upload, silent, offset=0, at=NOW)

    assert whole(upload.photo) == CONTENT


def test_two_writers_never_write_at_once(cast, data):
    upload = uploads.begin(cast.rose, 100, at=NOW)
    uploads.receive(upload, io.BytesIO(b"x" * 40).read, offset=0, at=NOW)

    with parts.writing(upload, at=NOW), pytest.raises(PartBusy):
        uploads.receive(upload, io.BytesIO(b"y" * 60).read, offset=40, at=NOW)


def test_a_phone_that_asks_while_it_arrives_is_told_that_all_of_it_is_here(cast, data, monkeypatch):
    """It would be told to send the photograph again, and there would be two."""
    upload = uploads.begin(cast.rose, 100, at=NOW)
    close, is_finished = uploads.close, parts.is_finished
    monkeypatch.setattr(uploads, "close", lambda _upload: None)
    uploads.receive(upload, io.BytesIO(b"x" * 100).read, offset=0, at=NOW)

    def closed_after(asked):
        found = is_finished(asked)
        monkeypatch.setattr(parts, "is_finished", is_finished)
        close(asked.pk)
        return found

    monkeypatch.setattr(uploads, "close", close)
    monkeypatch.setattr(parts, "is_finished", closed_after)

    assert uploads.progress(upload.pk, by=cast.rose) == Progress(100, 100)
    assert Photo.objects.get(pk=upload.pk).state == Photo.State.RECEIVED


def test_only_its_uploader_learns_how_far_it_has_come(cast, receive, data):
    photo = receive(b"x" * 100, at=NOW)

    assert uploads.progress(photo.pk, by=cast.rose) == Progress(100, 100)
    with pytest.raises(NoSuchUpload):
        uploads.progress(photo.pk, by=cast.tom)


def test_stopping_leaves_nothing(cast, data, django_capture_on_commit_callbacks):
    upload = uploads.begin(cast.rose, len(CONTENT), at=NOW)
    uploads.receive(upload, Line(CONTENT, breaks_after=MIB).read, offset=0, at=NOW)

    with django_capture_on_commit_callbacks(execute=True):
        uploads.stop(upload, at=NOW)

    assert not Photo.objects.exists()
    assert not Hold.objects.exists()
    assert Tombstone.objects.filter(photo_id=upload.pk).count() == 2
    assert not list(uploads.store().part_ids())


def test_stopping_what_has_arrived_loses_nothing(cast, data, whole):
    upload = uploads.begin(cast.rose, 100, at=NOW)
    uploads.receive(upload, io.BytesIO(b"x" * 100).read, offset=0, at=NOW)

    uploads.stop(upload, at=NOW)

    assert whole(upload.photo) == b"x" * 100


def test_an_upload_that_nobody_goes_on_with_ends(cast, data, django_capture_on_commit_callbacks):
    upload = uploads.begin(cast.rose, 100, at=NOW)
    uploads.receive(upload, io.BytesIO(b"x" * 40).read, offset=0, at=NOW)

    uploads.expire(NOW + timedelta(days=settings.BESIDE.upload_days - 1))
    still_there = Upload.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        uploads.expire(NOW + timedelta(days=settings.BESIDE.upload_days))

    assert still_there
    assert not Photo.objects.exists()
    assert not list(uploads.store().part_ids())


def test_an_empty_file_is_refused(cast, data):
    with pytest.raises(EmptyFile):
        uploads.begin(cast.rose, 0, at=NOW)


def test_a_photograph_that_is_too_large_is_refused_with_a_sentence(cast, data, limits):
    limits(upload_max_bytes=60 * MIB)

    with pytest.raises(TooLarge, match="than this place can hold \\(60 MB\\)"):
        uploads.begin(cast.rose, 60 * MIB + 1, at=NOW)


def test_what_is_on_its_way_counts_as_room_taken(cast, data, limits):
    limits(room_bytes=1000)
    uploads.begin(cast.rose, 600, at=NOW)

    with pytest.raises(NoRoom):
        uploads.begin(cast.rose, 401, at=NOW)

    uploads.begin(cast.rose, 400, at=NOW)
    uploads.begin(cast.tom, 1000, at=NOW)


def test_nobody_can_open_uploads_without_end(cast, data, monkeypatch):
    monkeypatch.setattr("beside.photos.quota.OPEN_AT_ONCE", 2)
    uploads.begin(cast.rose, 10, at=NOW)
    uploads.begin(cast.rose, 10, at=NOW)

    with pytest.raises(TooManyOpen):
        uploads.begin(cast.rose, 10, at=NOW)


def test_closed_for_me_holds_from_the_first_byte(cast, data):
    upload = uploads.begin(cast.rose, 10, closed=True, at=NOW)

    assert HiddenPhoto.objects.filter(photo=upload.photo, account=cast.rose).exists()


@pytest.mark.thorough
@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_file_name_is_never_a_path(receive, data, whole, name):
    photo = receive(b"x" * 50, at=NOW, name_on_phone=name)

    assert whole(photo) == b"x" * 50
    # The joiner of a family is kept.
    assert photo.name_on_phone.replace("\u200d", "").isprintable()
    assert len(photo.name_on_phone) <= 120
    assert not {"/", "\\"} & set(photo.name_on_phone)
    here = {blob for blob, _written in uploads.store().ids()}
    assert here == {photo.original_blob, *original_pieces.ids_of([photo.pk])}


@in_the_data_folder
def test_a_part_that_was_altered_is_said_so_and_never_taken(cast, data):
    upload = uploads.begin(cast.rose, 100, at=NOW)
    uploads.receive(upload, io.BytesIO(b"x" * 40).read, offset=0, at=NOW)
    with uploads.store().open_part(upload.photo.original_blob) as part:
        part.truncate(30)

    with pytest.raises(UploadAltered):
        uploads.receive(upload, io.BytesIO(b"x" * 60).read, offset=40, at=NOW)


def go_on(upload, at=NOW):
    """What a phone does after its line, or the server, broke: ask, and send the rest."""
    received, total = uploads.progress(upload.pk, by=upload.account)
    if received < total:
        rest = io.BytesIO(CONTENT[received:])
        uploads.receive(upload, rest.read, offset=received, at=at)
    return received


class Crash(BaseException):
    """The process ends here."""


def _interrupt(monkeypatch, number, wrong, calls=("write", "fsync", "rename", "ftruncate")):
    """Let the `number`th of these calls of the operating system go wrong, and say how many there were."""
    count = [0]

    def counting(real):
        def call(*args, **kwargs):
            count[0] += 1
            if count[0] == number:
                raise wrong
            return real(*args, **kwargs)

        return call

    for name in calls:
        monkeypatch.setattr(os, name, counting(getattr(os, name)))
    return count


@pytest.mark.thorough
@in_the_data_folder
@pytest.mark.parametrize("number", range(1, 24))
@pytest.mark.parametrize("wrong", [Crash(), OSError(28, "No space left on device")])
def test_cut_off_at_any_step_loses_nothing_that_was_confirmed(
    cast, data, whole, monkeypatch, number, wrong
):
    upload = uploads.begin(cast.rose, len(CONTENT), at=NOW)
    with monkeypatch.context() as patch:
        count = _interrupt(patch, number, wrong)
        with suppress(Crash, PlaceIsFull):
            uploads.receive(upload, io.BytesIO(CONTENT).read, offset=0, at=NOW)
        cut_off = count[0] >= number

    confirmed = Upload.objects.filter(pk=upload.pk).values_list("received_bytes", flat=True)
    before = confirmed.first()
    first = go_on(upload)

    assert cut_off or number > 15
    assert before is None or first >= before
    assert whole(upload.photo) == CONTENT
    assert not Upload.objects.exists()


@in_the_data_folder
def test_a_full_disk_is_told_in_a_sentence(cast, data, monkeypatch):
    upload = uploads.begin(cast.rose, len(CONTENT), at=NOW)
    _interrupt(monkeypatch, 3, OSError(28, "No space left on device"), calls=("write",))

    with pytest.raises(PlaceIsFull, match="full at the moment"):
        uploads.receive(upload, io.BytesIO(CONTENT).read, offset=0, at=NOW)

    assert uploads.progress(upload.pk, by=cast.rose).received == MIB


@in_the_data_folder
def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(cast, data, monkeypatch):
    upload = uploads.begin(cast.rose, len(CONTENT), at=NOW)
    _interrupt(monkeypatch, 1, OSError(30, "Read-only file system"), calls=("write",))

    with pytest.raises(CannotKeep, match="still on your phone"):
        uploads.receive(upload, io.BytesIO(CONTENT).read, offset=0, at=NOW)


A_TERM = timedelta(days=settings.BESIDE.upload_days)
YEARS = timedelta(days=3000)


def test_a_clock_that_leaps_ahead_ends_no_upload(cast, data):
    upload = uploads.begin(cast.rose, 100, at=NOW)

    uploads.expire(NOW + YEARS)
    uploads.expire(NOW + YEARS + timedelta(minutes=10))
    uploads.expire(NOW + timedelta(minutes=20))

    upload.refresh_from_db()
    assert upload.expires_at == NOW + timedelta(minutes=20) + A_TERM


def test_a_term_from_a_clock_that_was_years_ahead_holds_nothing_for_ever(cast, data):
    upload = uploads.begin(cast.rose, 100, at=NOW + YEARS)

    uploads.expire(NOW)
    uploads.expire(NOW + A_TERM - timedelta(minutes=1))
    still = Upload.objects.filter(pk=upload.pk).exists()
    uploads.expire(NOW + A_TERM)

    assert still
    assert not Photo.objects.exists()


def test_a_server_that_was_off_for_weeks_gives_a_new_term(cast, data):
    upload = uploads.begin(cast.rose, 100, at=NOW)
    back = NOW + timedelta(days=60)

    uploads.expire(back)
    still = Upload.objects.filter(pk=upload.pk).exists()
    uploads.expire(back + A_TERM)

    assert still
    assert not Photo.objects.exists()


def test_the_worker_closes_what_was_cut_off_at_its_last_step(cast, data, whole, monkeypatch):
    upload = uploads.begin(cast.rose, 100, at=NOW)
    with monkeypatch.context() as patch:
        patch.setattr(uploads, "arrive", lambda *_: (_ for _ in ()).throw(Crash()))
        with pytest.raises(Crash):
            uploads.receive(upload, io.BytesIO(b"x" * 100).read, offset=0, at=NOW)

    uploads.expire(NOW)

    assert whole(upload.photo) == b"x" * 100
    assert Photo.objects.get(pk=upload.pk).state == Photo.State.RECEIVED


def test_a_crash_between_the_file_and_its_row_is_put_right(cast, data, whole):
    upload = uploads.begin(cast.rose, 100, at=NOW)
    uploads.receive(upload, io.BytesIO(b"x" * 100).read, offset=0, at=NOW)
    Photo.objects.filter(pk=upload.pk).update(state=Photo.State.RECEIVING)
    Upload.objects.create(
        pk=upload.pk,
        photo_id=upload.pk,
        account=cast.rose,
        total_bytes=100,
        received_bytes=100,
        began_at=NOW,
        expires_at=NOW + timedelta(days=1),
    )

    uploads.progress(upload.pk, by=cast.rose)

    assert whole(upload.photo) == b"x" * 100
    assert not Upload.objects.exists()


def complete_but_not_closed(cast, monkeypatch) -> Upload:
    upload = uploads.begin(cast.rose, 100, at=NOW)
    with monkeypatch.context() as patch:
        patch.setattr(uploads, "close", lambda *_: None)
        uploads.receive(upload, io.BytesIO(b"x" * 100).read, offset=0, at=NOW)
    return upload


def without_its_part(upload):
    if objects.are_used():
        original_pieces.OriginalPiece.objects.filter(photo=upload.photo_id).delete()
    else:
        uploads.store()._part(upload.photo.original_blob).unlink()


def without_its_keys(upload):
    Hold.objects.filter(photo=upload.photo_id).delete()


@pytest.mark.parametrize("breaks", [without_its_part, without_its_keys])
def test_one_that_is_broken_keeps_no_other_from_being_closed(
    cast, data, whole, monkeypatch, caplog, breaks
):
    broken, sound = (complete_but_not_closed(cast, monkeypatch) for _ in range(2))
    breaks(broken)

    uploads.expire(NOW)
    uploads.expire(NOW)

    assert whole(sound.photo) == b"x" * 100
    assert Upload.objects.get().pk == broken.pk
    assert set(caplog.messages) == {"an upload that is complete could not be closed"}
    uploads.expire(NOW + A_TERM)
    assert not Upload.objects.exists()


@in_the_data_folder
def test_one_that_a_request_is_closing_is_left_to_it(cast, data, monkeypatch, caplog):
    upload = complete_but_not_closed(cast, monkeypatch)

    with parts.writing(Upload.objects.get(), at=NOW):
        uploads.expire(NOW)

    assert Upload.objects.get().pk == upload.pk
    assert caplog.messages == []


def test_one_that_goes_on_at_the_last_moment_is_not_ended(cast, data, monkeypatch):
    upload, over = (uploads.begin(cast.rose, 100, at=NOW) for _ in range(2))
    at = NOW + A_TERM
    end = uploads._end

    def resumed_meanwhile(some, **how):
        uploads.receive(upload, io.BytesIO(b"x" * 40).read, offset=0, at=at)
        end(some, **how)

    monkeypatch.setattr(uploads, "_end", resumed_meanwhile)
    uploads.expire(at)

    assert uploads.progress(upload.pk, by=cast.rose).received == 40
    assert not Upload.objects.filter(pk=over.pk).exists()


def test_one_that_cannot_be_ended_keeps_no_other_from_it(cast, data, monkeypatch, caplog):
    doomed = [uploads.begin(cast.rose, 100, at=NOW).pk for _ in range(4)]
    end = uploads._end

    def fails_for_one(some, **how):
        if doomed[1] in [one.pk for one in some]:
            raise ValueError
        end(some, **how)

    monkeypatch.setattr(uploads, "_end", fails_for_one)
    uploads.expire(NOW + A_TERM)

    assert [one.pk for one in Upload.objects.all()] == [doomed[1]]
    assert caplog.messages == ["uploads whose term is over could not be ended"]
