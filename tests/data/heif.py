"""HEIF files whose properties stand where encoders don't put them, made from plain ones."""

from __future__ import annotations

import struct
from collections.abc import Iterator

Boxes = list[tuple[bytes, bytes]]


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, name) + content


def nclx(primaries: int, transfer: int) -> bytes:
    """The content of a colour box; the values are in full range, by BT.601's matrix."""
    return b"nclx" + struct.pack(">HHHB", primaries, transfer, 6, 0x80)


def rearranged(
    plain: bytes,
    *,
    foreign: tuple[bytes, bytes] | None = None,
    colour: bytes | None = None,
    brands: bytes = b"",
    padding: int = 0,
) -> bytes:
    """`plain` with its item list behind its pixels, and `padding` bytes before it.

    `foreign` is a property that stands first in the list and belongs to no item; `colour` takes the
    place of the picture's own colour box; `brands` those of the file. Pixels stay where they were.
    """
    top = _boxes(plain)
    meta = next(content for name, content in top if name == b"meta")
    before = b"".join(
        box(b"free", content) if name == b"meta" else box(name, content) for name, content in top
    )
    if brands:
        before = (
            before[:8]
            + brands.ljust(len(top[0][1]), b"\0")[: len(top[0][1])]
            + before[8 + len(top[0][1]) :]
        )
    edited = b"".join(_edited(meta, foreign, colour))
    return before + box(b"free", bytes(padding)) + box(b"meta", meta[:4] + edited)


def _edited(
    meta: bytes, foreign: tuple[bytes, bytes] | None, colour: bytes | None
) -> Iterator[bytes]:
    for name, content in _boxes(meta[4:]):
        yield box(name, _properties(content, foreign, colour) if name == b"iprp" else content)


def _properties(iprp: bytes, foreign: tuple[bytes, bytes] | None, colour: bytes | None) -> bytes:
    parts = dict(_boxes(iprp))
    listed = _boxes(parts[b"ipco"])
    if colour:
        listed = [(name, colour if name == b"colr" else content) for name, content in listed]
    owners = parts[b"ipma"]
    if foreign:
        listed, owners = [foreign, *listed], _moved_by_one(owners)
    return box(b"ipco", b"".join(box(*one) for one in listed)) + box(b"ipma", owners)


def _moved_by_one(ipma: bytes) -> bytes:
    """Each place counted one higher; for the small version of the box, which is what is written here."""
    assert ipma[:4] == bytes(4)
    moved, at = bytearray(ipma), 8
    while at < len(ipma):
        for place in range(at + 3, at + 3 + ipma[at + 2]):
            moved[place] += 1
        at += 3 + ipma[at + 2]
    return bytes(moved)


def _boxes(data: bytes) -> Boxes:
    found, at = [], 0
    while at < len(data):
        size, name = struct.unpack(">I4s", data[at : at + 8])
        size = size or len(data) - at
        found.append((name, data[at + 8 : at + size]))
        at += size
    return found
