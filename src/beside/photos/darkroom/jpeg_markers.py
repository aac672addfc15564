"""Reading a JPEG's markers, so that whatever its decoder complains of afterwards is a missing pixel.

libjpeg tells only of the first thing that is wrong with a file. A complaint about harmless padding, or
about an end marker that a camera left out, would hide a later one about rows that are gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SCAN, _END, _PROGRESSIVE = 0xDA, 0xD9, 0xC2
_FRAMES = {0xC0, 0xC1, _PROGRESSIVE}
_END_MARKER = b"\xff\xd9"
# What ends the pixels of a scan: any marker but a restart, and no escaped byte.
_AFTER_PIXELS = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
# Markers that stand alone, with no length after them.
_ALONE = {0x01, *range(0xD0, 0xD9)}
_BANDS = 64


@dataclass(frozen=True)
class Segment:
    """One marker with its content: `code` is its second byte, and `start` and `end` are places in the file."""

    code: int
    start: int
    end: int


def tidied(data: bytes) -> bytes:
    """`data` without padding between its segments, and with an end.

    A decoder stops at the first end marker, so one more changes nothing where there is one; where rows
    are missing it is met in the middle of them, and complained of.
    """
    view, kept = memoryview(data), []
    for each in _segments(data):
        if each.code in {_SCAN, _END}:
            kept.append(view[each.start :])
            break
        kept.append(view[each.start : each.end])
    return b"".join([*kept, _END_MARKER])


def is_eight_bits(data: bytes) -> bool:
    """Whether it has 8 bits a channel, which alone can be decoded, and so at a reduced size."""
    for each in _segments(data):
        if each.code in _FRAMES:
            return data[each.start + 4 : each.start + 5] == b"\x08"
    return False


def lacks_scans(data: bytes) -> bool:
    """Whether a progressive file was cut between two scans, so that every row is there, but not whole.

    A file with an end of its own is believed to have all that was meant to be in it.
    """
    # For each component, how many bits of each of its coefficients are still to come.
    left: dict[int, list[int]] = {}
    is_progressive = False
    for each in _segments(data):
        content = data[each.start + 4 : each.end]
        if each.code == _END:
            return False
        if each.code == _PROGRESSIVE:
            is_progressive = True
            left = {component: [1] * _BANDS for component in content[6::3]}
        elif each.code == _SCAN and content:
            _take_scan(content, left)
    return is_progressive and any(any(bands) for bands in left.values())


def _take_scan(header: bytes, left: dict[int, list[int]]) -> None:
    """Note in `left` what the scan with this header brings."""
    count = header[0]
    first, last, bits = (*header[1 + 2 * count : 4 + 2 * count], 0, 0, 0)[:3]
    for component in header[1 : 1 + 2 * count : 2]:
        bands = left.setdefault(component, [1] * _BANDS)
        for band in range(first, min(last + 1, _BANDS)):
            bands[band] = bits & 0x0F


def _segments(data: bytes) -> Iterator[Segment]:
    """The segments in order; what lies between them (padding, the pixels of a scan) is left out."""
    at = 0
    while (at := data.find(b"\xff", at)) >= 0 and at + 1 < len(data):
        code = data[at + 1]
        if code in {0x00, 0xFF}:
            at += 1
            continue
        end = at + 2
        if code not in _ALONE and code != _END:
            end += int.from_bytes(data[end : end + 2], "big")
        yield Segment(code, at, end)
        if code == _SCAN:
            after = _AFTER_PIXELS.search(data, end)
            at = after.start() if after else len(data)
        else:
            at = max(end, at + 2)
