"""How the intake and the darkroom talk: one order, the photograph in pieces, one answer."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable

from beside.photos.darkroom.terms import Limits

_ORDER = struct.Struct("!QQQIf16s")
_LENGTH = struct.Struct("!I")

ORDER_BYTES = _ORDER.size
# A piece is as long as a socket is likely to take at once.
PIECE_BYTES = 256 * 1024


class Incomplete(Exception):
    """The other side went away in the middle of a sentence."""


def pack_order(limits: Limits, drill: str = "") -> bytes:
    """An order for one photograph, or for one `drill` (see drills.py)."""
    return _ORDER.pack(
        limits.max_bytes,
        limits.max_pixels,
        limits.memory_bytes,
        limits.cpu_s,
        limits.wall_s,
        drill.encode(),
    )


def unpack_order(order: bytes) -> tuple[Limits, str]:
    """The limits and the drill (mostly none) of an order."""
    *limits, drill = _ORDER.unpack(order)
    return Limits(*limits), drill.rstrip(b"\0").decode()


def frame(piece: bytes) -> bytes:
    """`piece` with its length before it; an empty one says that all was sent."""
    return _LENGTH.pack(len(piece)) + piece


def frames(data: bytes) -> bytes:
    """`data` in as many frames as it needs."""
    starts = range(0, len(data), PIECE_BYTES)
    return b"".join(frame(data[at : at + PIECE_BYTES]) for at in starts)


def read_length(receive: Callable[[int], bytes]) -> int:
    """The length that stands before a piece."""
    return int(_LENGTH.unpack(read_exactly(receive, _LENGTH.size))[0])


def read_exactly(receive: Callable[[int], bytes], size: int) -> bytes:
    """`size` bytes from `receive`; raises Incomplete where they end before."""
    got = bytearray()
    while len(got) < size:
        piece = receive(min(size - len(got), PIECE_BYTES))
        if not piece:
            raise Incomplete
        got += piece
    return bytes(got)


def write_all(fd: int, data: bytes) -> None:
    """All of `data` to `fd`; with os.write, since the sandbox refuses send()."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]
