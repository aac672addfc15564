from __future__ import annotations

from hashlib import sha256

import pytest

from beside.archive.photographs import with_checksums
from beside.archive.zip_stream import File

PIECES = [b"one", b"two", b"three"]


def photograph(name: str) -> File:
    return File(name, sum(map(len, PIECES)), lambda: iter(PIECES))


def test_the_list_at_the_end_has_each_files_checksum():
    *files, listed = with_checksums([photograph("a/b.jpg")], "a/SUMS", before_each=lambda: None)

    sent = b"".join(piece for file in files for piece in file.pieces())
    lines = b"".join(listed.pieces()).decode()

    assert sent == b"".join(PIECES)
    assert lines == f"{sha256(sent).hexdigest()}  b.jpg\n"
    assert listed.size == len(lines)


def test_it_can_end_within_a_photograph():
    class Ended(Exception):
        pass

    sent = []

    def before_each() -> None:
        if len(sent) == 2:
            raise Ended

    first, _ = with_checksums([photograph("a/b.jpg")], "a/SUMS", before_each=before_each)

    with pytest.raises(Ended):
        sent.extend(first.pieces())
    assert sent == PIECES[:2]


def test_it_is_asked_once_before_each_piece_and_before_the_list():
    order = []
    files = with_checksums(
        [photograph("a/b.jpg"), photograph("a/c.jpg")],
        "a/SUMS",
        before_each=lambda: order.append("asked"),
    )

    for file in files:
        order.extend("piece" for piece in file.pieces() if piece)

    assert order == ["asked", "piece"] * (2 * len(PIECES) + 1)
