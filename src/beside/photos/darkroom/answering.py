"""One photograph's whole life in its own process: locked in, read, developed, answered."""

from __future__ import annotations

import json
import os
import resource
import sys

from beside.photos.darkroom import drills, locking, printing, sniffing, wire
from beside.photos.darkroom.terms import CannotDevelop, Developed, Kind, Limits, Refusal


def answer(photograph: int, limits: Limits, drill: str) -> None:
    """Lock this process in, then answer one order over the socket `photograph`."""
    locking.lock(limits)
    if drill:
        _say(photograph, {"held": drills.attempt(drill, limits)})
        return
    try:
        developed = _develop(photograph, limits)
    except CannotDevelop as reason:
        _say(photograph, {"refusal": reason.refusal.value})
    except MemoryError:
        _say(photograph, {"refusal": Refusal.TOO_HARD.value})
    else:
        _give(photograph, developed)


def _develop(photograph: int, limits: Limits) -> Developed:
    kind, data = _receive(photograph, limits)
    return printing.develop(kind, data, limits)


def _receive(photograph: int, limits: Limits) -> tuple[Kind, bytes]:
    """The whole file, and what it is; one that isn't a photograph is refused at its first bytes."""
    data = bytearray()
    kind = None
    while piece := _piece(photograph):
        data += piece
        if len(data) > limits.max_bytes:
            raise CannotDevelop(Refusal.BYTES)
        if kind is None and len(data) >= sniffing.HEAD_BYTES:
            kind = sniffing.sniff(bytes(data[: sniffing.HEAD_BYTES]))
    return kind or sniffing.sniff(bytes(data)), bytes(data)


def _piece(photograph: int) -> bytes:
    def receive(size: int) -> bytes:
        return os.read(photograph, size)

    length = wire.read_length(receive)
    if length > wire.PIECE_BYTES:
        raise wire.Incomplete
    return wire.read_exactly(receive, length)


def _give(photograph: int, developed: Developed) -> None:
    made = developed.renditions
    _say(
        photograph,
        {
            "kind": developed.kind,
            "width": developed.width,
            "height": developed.height,
            "notice": developed.notice,
            "peak_bytes": peak_bytes(),
            "renditions": [[each.name, each.width, each.height, len(each.data)] for each in made],
        },
    )
    for each in made:
        wire.write_all(photograph, each.data)


def _say(photograph: int, sentence: dict[str, object]) -> None:
    wire.write_all(photograph, wire.frame(json.dumps(sentence).encode()))


def peak_bytes() -> int:
    """The most memory that this process ever held; Linux counts in KiB, macOS in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
