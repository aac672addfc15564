from __future__ import annotations

import os
import tracemalloc
from dataclasses import replace
from io import BytesIO, FileIO
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from hypothesis import given
from hypothesis import strategies as st

from beside.photos.vault.folder_store import FolderStore
from beside.photos.vault.sealing import (
    SEGMENT_BYTES,
    BlobAltered,
    Identity,
    SegmentWriter,
    UploadAltered,
    blob_key,
    open_sealed,
    read_segments,
    seal,
)
from tests.photos.vault.interruption import Killed, killed_before

KEY = os.urandom(32)
SMALL = Identity(uuid4(), uuid4(), uuid4(), "w1280")
ORIGINAL = Identity(SMALL.instance, SMALL.photo, uuid4(), "original")
MARKER = b"plain-pixels-of-a-photograph"


def other_identities(identity: Identity) -> list[Identity]:
    return [
        replace(identity, instance=uuid4()),
        replace(identity, photo=uuid4()),
        replace(identity, blob=uuid4()),
        replace(identity, role="w640"),
        replace(identity, role=""),
    ]


def sealed_original(path: Path, *pieces: bytes) -> bytes:
    """Each piece is confirmed on its own, so each is a record."""
    with FileIO(path, "w+") as file:
        writer = SegmentWriter(file, KEY, ORIGINAL)
        for piece in pieces:
            writer.write(piece)
            writer.confirm()
        writer.finish()
    return path.read_bytes()


def opened(blob: bytes, identity: Identity = ORIGINAL, key: bytes = KEY) -> bytes:
    return b"".join(read_segments(BytesIO(blob), key, identity))


def records(blob: bytes) -> tuple[bytes, list[bytes]]:
    """The blob's head, and each of its records."""
    head, rest, found = blob[:20], blob[20:], []
    while rest:
        end = 17 + int.from_bytes(rest[13:17], "big")
        found.append(rest[:end])
        rest = rest[end:]
    return head, found


@given(data=st.binary(max_size=5000))
def test_what_was_sealed_opens(data):
    assert open_sealed(KEY, SMALL, seal(KEY, SMALL, data)) == data


@pytest.mark.parametrize("other", other_identities(SMALL))
def test_a_blob_opens_only_as_what_it_is(other):
    blob = seal(KEY, SMALL, MARKER)
    renamed = blob[:4] + other.blob.bytes + blob[20:]

    with pytest.raises(BlobAltered):
        open_sealed(KEY, other, blob)
    with pytest.raises(BlobAltered):
        open_sealed(KEY, other, renamed)


def test_a_blob_opens_only_with_its_key():
    with pytest.raises(BlobAltered):
        open_sealed(os.urandom(32), SMALL, seal(KEY, SMALL, MARKER))


@given(data=st.data())
def test_a_small_blob_with_any_bit_changed_is_refused(data):
    blob = bytearray(seal(KEY, SMALL, MARKER))
    bit = data.draw(st.integers(0, len(blob) * 8 - 1))
    blob[bit // 8] ^= 1 << (bit % 8)

    with pytest.raises(BlobAltered):
        open_sealed(KEY, SMALL, bytes(blob))


@given(cut=st.integers(0, 63), more=st.binary(min_size=1, max_size=40))
def test_a_small_blob_cut_short_or_made_longer_is_refused(cut, more):
    blob = seal(KEY, SMALL, MARKER)

    for altered in (blob[:cut], blob + more, more + blob):
        with pytest.raises(BlobAltered):
            open_sealed(KEY, SMALL, altered)


def test_sealing_twice_never_gives_the_same_nonce_or_bytes():
    nonces = {seal(KEY, SMALL, MARKER)[20:32] for _ in range(10_000)}

    assert len(nonces) == 10_000


def test_two_blobs_of_one_photograph_share_no_key():
    here, there = SMALL, replace(SMALL, blob=uuid4())
    blob = seal(KEY, here, bytes(64))
    moved = blob[:4] + there.blob.bytes + blob[20:]

    with pytest.raises(BlobAltered):
        open_sealed(KEY, there, moved)


@given(pieces=st.lists(st.binary(max_size=300), max_size=8))
def test_an_original_comes_back_byte_for_byte(tmp_path_factory, pieces):
    path = tmp_path_factory.mktemp("original") / "part"

    blob = sealed_original(path, *pieces)

    assert opened(blob) == b"".join(pieces)


@pytest.mark.parametrize(
    "length", [0, 1, SEGMENT_BYTES - 1, SEGMENT_BYTES, SEGMENT_BYTES + 1, 3 * SEGMENT_BYTES]
)
def test_an_original_of_any_length_comes_back(tmp_path, length):
    data = os.urandom(length)

    blob = sealed_original(tmp_path / "part", data)

    assert opened(blob) == data


@pytest.mark.parametrize("other", other_identities(ORIGINAL))
def test_an_original_opens_only_as_what_it_is(tmp_path, other):
    blob = sealed_original(tmp_path / "part", MARKER)

    for altered in (blob, blob[:4] + other.blob.bytes + blob[20:]):
        with pytest.raises(BlobAltered):
            opened(altered, other)


@given(data=st.data())
def test_an_original_with_any_bit_changed_is_refused(tmp_path_factory, data):
    blob = bytearray(sealed_original(tmp_path_factory.mktemp("original") / "part", MARKER, MARKER))
    bit = data.draw(st.integers(0, len(blob) * 8 - 1))
    blob[bit // 8] ^= 1 << (bit % 8)

    with pytest.raises(BlobAltered):
        opened(bytes(blob))


def test_an_original_cut_anywhere_is_refused(tmp_path):
    blob = sealed_original(tmp_path / "part", MARKER, b"", MARKER)

    for length in range(len(blob)):
        with pytest.raises(BlobAltered):
            opened(blob[:length])


@given(more=st.binary(min_size=1, max_size=100))
def test_an_original_made_longer_is_refused(tmp_path_factory, more):
    blob = sealed_original(tmp_path_factory.mktemp("original") / "part", MARKER)

    with pytest.raises(BlobAltered):
        opened(blob + more)


@given(order=st.lists(st.integers(0, 7), max_size=9).filter(lambda order: order != [0, 1, 2, 3]))
def test_records_left_out_repeated_exchanged_or_from_another_time_are_refused(
    tmp_path_factory, order
):
    path = tmp_path_factory.mktemp("original") / "part"
    head, mine = records(sealed_original(path, b"one", b"two", b"three"))
    _head, from_another_time = records(sealed_original(path, b"one", b"two", b"three"))
    pool = mine + from_another_time

    altered = head + b"".join(pool[place] for place in order)

    if order != [4, 5, 6, 7]:
        with pytest.raises(BlobAltered):
            opened(altered)


def test_an_original_does_not_pass_for_a_small_blob_nor_the_other_way_round(tmp_path):
    small = seal(KEY, ORIGINAL, MARKER)
    original = sealed_original(tmp_path / "part", MARKER)

    with pytest.raises(BlobAltered):
        opened(b"BsO\x01" + small[4:])
    with pytest.raises(BlobAltered):
        open_sealed(KEY, ORIGINAL, b"BsB\x01" + original[4:])


@given(
    pieces=st.lists(st.binary(min_size=1, max_size=200), min_size=1, max_size=6),
    stop=st.integers(0, 5),
    lost=st.binary(max_size=400),
    cut=st.integers(0, 500),
)
def test_an_upload_goes_on_from_exactly_what_was_confirmed(
    tmp_path_factory, pieces, stop, lost, cut
):
    path = tmp_path_factory.mktemp("upload") / "part"
    confirmed = 0
    with FileIO(path, "w+") as file:
        writer = SegmentWriter(file, KEY, ORIGINAL)
        for piece in pieces[:stop]:
            writer.write(piece)
            confirmed = writer.confirm()
        size = file.tell()
        writer.write(lost)
        writer.confirm()
        file.truncate(max(size, file.tell() - cut))

    whole = b"".join(pieces)
    with FileIO(path, "r+") as file:
        writer = SegmentWriter.resume(file, KEY, ORIGINAL, received_bytes=confirmed)
        writer.write(whole[confirmed:])
        length = writer.finish()

    assert confirmed == len(b"".join(pieces[:stop]))
    assert length == len(whole)
    assert opened(path.read_bytes()) == whole


@pytest.mark.parametrize("received_bytes", [1, 2, 4, 7, 10_000])
def test_an_upload_does_not_go_on_from_bytes_that_never_arrived(tmp_path, received_bytes):
    path = tmp_path / "part"
    with FileIO(path, "w+") as file:
        writer = SegmentWriter(file, KEY, ORIGINAL)
        for piece in (b"abc", b"def"):
            writer.write(piece)
            writer.confirm()

    with FileIO(path, "r+") as file, pytest.raises(UploadAltered):
        SegmentWriter.resume(file, KEY, ORIGINAL, received_bytes=received_bytes)


@pytest.mark.parametrize("other", [replace(ORIGINAL, blob=uuid4())])
def test_an_upload_does_not_go_on_in_another_part(tmp_path, other):
    path = tmp_path / "part"
    with FileIO(path, "w+") as file:
        SegmentWriter(file, KEY, ORIGINAL).confirm()

    with FileIO(path, "r+") as file, pytest.raises(UploadAltered):
        SegmentWriter.resume(file, KEY, other, received_bytes=0)


def test_a_piece_from_before_an_upload_was_resumed_is_refused(tmp_path):
    path = tmp_path / "part"
    with FileIO(path, "w+") as file:
        writer = SegmentWriter(file, KEY, ORIGINAL)
        writer.write(b"lost")
        writer.confirm()
    _head, before = records(path.read_bytes())
    with FileIO(path, "r+") as file:
        writer = SegmentWriter.resume(file, KEY, ORIGINAL, received_bytes=0)
        writer.write(b"kept")
        writer.finish()
    head, after = records(path.read_bytes())

    with pytest.raises(BlobAltered):
        opened(head + before[0] + after[1])

    assert opened(path.read_bytes()) == b"kept"


def test_an_unfinished_upload_does_not_open_as_an_original(tmp_path):
    path = tmp_path / "part"
    with FileIO(path, "w+") as file:
        writer = SegmentWriter(file, KEY, ORIGINAL)
        writer.write(MARKER)
        writer.confirm()

    with pytest.raises(BlobAltered):
        opened(path.read_bytes())


def test_a_kill_at_any_step_of_an_upload_loses_nothing_that_was_confirmed(tmp_path):
    pieces = [os.urandom(50), os.urandom(70), os.urandom(90)]
    whole = b"".join(pieces)
    confirmed = 0

    def work(store: FolderStore) -> None:
        nonlocal confirmed
        with store.start_part(ORIGINAL.blob) as part:
            writer = SegmentWriter(part, KEY, ORIGINAL)
            for piece in pieces:
                writer.write(piece)
                confirmed = writer.confirm()

    for step in range(1, 100):
        confirmed = 0
        store = FolderStore(tmp_path / str(step))
        try:
            with killed_before(step):
                work(store)
        except Killed:
            if confirmed:
                with store.open_part(ORIGINAL.blob) as part:
                    writer = SegmentWriter.resume(part, KEY, ORIGINAL, received_bytes=confirmed)
                    writer.write(whole[confirmed:])
                    writer.finish()
                store.finish_part(ORIGINAL.blob)
                assert opened(store.get(ORIGINAL.blob)) == whole
        else:
            break

    assert confirmed == len(whole)


def test_no_plain_byte_reaches_the_disk(tmp_path):
    store = FolderStore(tmp_path)
    store.put(SMALL.blob, seal(KEY, SMALL, MARKER * 100))
    with store.start_part(ORIGINAL.blob) as part:
        writer = SegmentWriter(part, KEY, ORIGINAL)
        for _ in range(3):
            writer.write(MARKER * 50_000)
            writer.confirm()

    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]

    assert len(files) == 2
    assert not [data for data in files if MARKER[:8] in data or KEY in data]


def test_while_a_piece_of_an_original_is_read_slowly_nothing_else_of_it_is_in_memory(tmp_path):
    sealed = tmp_path / "sealed"
    sealed_original(sealed, os.urandom(SEGMENT_BYTES), os.urandom(SEGMENT_BYTES))

    with FileIO(sealed) as file:
        pieces = read_segments(file, KEY, ORIGINAL)
        tracemalloc.start()
        try:
            piece = next(pieces)
            piece = next(pieces)
            held, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

    assert len(piece) <= held < 1.1 * SEGMENT_BYTES


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=16, max_size=16))
def test_the_key_of_a_blob_is_the_one_that_hkdf_expands(key, blob):
    by_the_library = HKDFExpand(hashes.SHA256(), 32, b"beside blob" + blob).derive(key)

    assert blob_key(key, blob) == by_the_library
