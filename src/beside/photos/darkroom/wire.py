"""The protocol between intake and darkroom: one order, the photograph in pieces, one answer."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable

from beside.photos.darkroom.terms import Limits

_ORDER = struct.Struct("!QQQIf?B16s")
_LENGTH = struct.Struct("!I")

ORDER_BYTES = _ORDER.size
# A piece is as long as a socket is likely to take at once.
PIECE_BYTES = 256 * 1024


class Incomplete(Exception):
    """The other side closed the socket in the middle of a message."""


def pack_order(limits: Limits, drill: str = "", *, quarters: int = 0) -> bytes:
    """An order for one photograph, to be turned by so many quarters, or for one `drill` (see drills.py)."""
    return _ORDER.pack(
        limits.max_bytes,
        limits.max_pixels,
        limits.memory_bytes,
        limits.cpu_s,
        limits.wall_s,
        limits.may_be_unlocked,
        quarters,
        drill.encode(),
    )


def unpack_order(order: bytes) -> tuple[Limits, int, str]:
    """The limits, the quarters and the drill (empty for a photograph) of an order."""
    *limits, quarters, drill = _ORDER.unpack(order)
    return Limits(*limits), quarters, drill.rstrip(b"\0").decode()


def frame(piece: bytes) -> bytes:
    """`piece` with its length before it; an empty piece marks the end."""
    return _LENGTH.pack(len(piece)) + piece


def frames(data: bytes) -> bytes:
    """`data` in as many frames as it needs."""
    starts = range(0, len(data), PIECE_BYTES)
    return b"".join(frame(data[at : at + PIECE_BYTES]) for at in starts)


def read_length(receive: Callable[[int], bytes]) -> int:
    """Read the length that is sent before a piece, in bytes."""
    return int(_LENGTH.unpack(read_exactly(receive, _LENGTH.size))[0])


def read_exactly(receive: Callable[[int], bytes], size: int) -> bytes:
    """`size` bytes from `receive`; raises Incomplete where there are fewer."""
    got = bytearray()
    while len(got) < size:
        piece = receive(min(size - len(got), PIECE_BYTES))
        if not piece:
            raise Incomplete
        got += piece
    return bytes(got)


def write_all(fd: int, data: bytes) -> None:
    """Write all of `data` to `fd`, with os.write because the sandbox refuses send()."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]
