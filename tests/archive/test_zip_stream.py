from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import pytest

from beside.archive.zip_stream import File, digest_of, from_bytes, size_of, stream

AT = datetime(2026, 3, 14, 16, 0, tzinfo=UTC)


def made(files) -> bytes:
    return b"".join(stream(files, at=AT))


def files() -> list[File]:
    return [
        from_bytes("beside/START-HERE.html", b"<p>Here"),
        from_bytes("beside/empty.txt", b""),
        from_bytes("beside/תום – père.jpg", b"p"),
        File("beside/letters/0001/01.jpg", 3_000_000, lambda: [b"p" * 1_000_000] * 3),
    ]


def test_any_unpacker_finds_every_file_whole():
    with zipfile.ZipFile(io.BytesIO(made(files()))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [file.name for file in files()]
        assert archive.read("beside/letters/0001/01.jpg") == b"p" * 3_000_000


@pytest.mark.parametrize("some", [[], files()[:1], files()])
def test_its_length_is_known_before_it_is_made(some):
    assert size_of(some) == len(made(some))


@pytest.mark.thorough
def test_beyond_what_the_old_format_can_count_its_length_is_known_too():
    many = [from_bytes(f"{number}.txt", b"") for number in range(65_600)]

    assert size_of(many) == len(made(many))


def test_the_same_files_are_the_same_bytes_and_other_bytes_have_another_mark():
    changed = [*files()[:1], from_bytes("beside/empty.txt", b"now")]

    assert made(files()) == made(files())
    assert digest_of(files(), at=AT) == digest_of(files(), at=AT)
    assert digest_of(files()[:2], at=AT) != digest_of(changed, at=AT)


def test_a_piece_is_handed_on_without_a_copy_that_would_wait_for_a_slow_reader_as_well():
    piece = b"p" * 1_000_000
    file = File("beside/01.jpg", len(piece), lambda: [piece])

    assert [one is piece for one in stream([file], at=AT) if len(one) > 1000] == [True]
