from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beside.photos.darkroom import boxes, chunks, exif, jpeg_markers
from tests.data import heif, make

WHOLE = [
    heif.rearranged(make.avif(), foreign=(b"colr", heif.nclx(12, 16))),
    make.heic(),
    make.png_with((b"cICP", b"\x0c\x0d\0\1"), (b"gAMA", b"\0\0\xb1\x8f")),
    make.progressive_jpeg()[:9000],
]


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    """A photograph with some bytes changed, and cut somewhere."""
    data = bytearray(draw(st.sampled_from(WHOLE)))
    for _ in range(draw(st.integers(0, 6))):
        data[draw(st.integers(0, min(len(data), 1200) - 1))] = draw(st.integers(0, 255))
    return bytes(data[: draw(st.integers(0, len(data)))])


@pytest.mark.thorough
@settings(max_examples=300, deadline=None)
@given(st.one_of(broken(), st.binary(max_size=300)))
def test_nothing_in_a_header_makes_a_reader_raise(data):
    main = boxes.main_item(data)
    if main:
        assert main.is_turned in {True, False}
        assert main.nclx is None or len(main.nclx) == 2
        assert main.codec in {b"", b"hvcC", b"av1C"}
    chunks.coding(data)
    chunks.is_whole_start(data)
    jpeg_markers.lacks_scans(data)
    jpeg_markers.is_eight_bits(data)
    assert jpeg_markers.tidied(data).endswith(b"\xff\xd9")
    assert 1 <= exif.orientation(data) <= 8
