"""Developing one photograph in a process of its own: lock the process, read, develop, answer."""

from __future__ import annotations

import json
import os
import resource
import sys

from beside.photos.darkroom import drills, locking, printing, sniffing, wire
from beside.photos.darkroom.terms import CannotDevelop, Developed, Kind, Limits, Refusal
from beside.photos.darkroom.verdicts import fault_of


def answer(line: int, limits: Limits, quarters: int, drill: str) -> None:
    """Lock this process, then answer one order over the socket `line`."""
    locks = locking.lock(limits)
    if drill:
        _say(line, {"held": drills.attempt(drill, limits), "locks": locks})
    elif not locks and not limits.may_be_unlocked:
        _say(line, {"unlocked": True})
    else:
        _answer_photograph(line, limits, quarters)


def _answer_photograph(line: int, limits: Limits, quarters: int) -> None:
    try:
        kind, data = _receive(line, limits)
        developed = printing.develop(kind, data, limits, quarters=quarters)
    except CannotDevelop as reason:
        _say(line, {"refusal": reason.refusal.value, "fault": reason.fault})
    except MemoryError:
        _say(line, {"refusal": Refusal.TOO_HARD.value})
    except wire.Incomplete:
        raise
    except Exception as mistake:  # noqa: BLE001 - a mistake of ours must not be called the photograph's
        _say(line, {"refusal": Refusal.NOT_YET.value, "fault": fault_of(mistake)})
    else:
        _give(line, developed)


def _receive(line: int, limits: Limits) -> tuple[Kind, bytes]:
    """The whole file, and its kind; a file that isn't a photograph is refused at its first bytes."""
    data = bytearray()
    kind = None
    while piece := _piece(line):
        data += piece
        if len(data) > limits.max_bytes:
            raise CannotDevelop(Refusal.BYTES)
        if kind is None and len(data) >= sniffing.HEAD_BYTES:
            kind = sniffing.sniff(bytes(data[: sniffing.HEAD_BYTES]))
    whole = bytes(data)
    return kind or sniffing.sniff_whole(whole), whole


def _piece(line: int) -> bytes:
    def receive(size: int) -> bytes:
        return os.read(line, size)

    length = wire.read_length(receive)
    if length > wire.PIECE_BYTES:
        raise wire.Incomplete
    return wire.read_exactly(receive, length)


def _give(line: int, developed: Developed) -> None:
    made = developed.renditions
    _say(
        line,
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
        wire.write_all(line, each.data)


def _say(line: int, sentence: dict[str, object]) -> None:
    wire.write_all(line, wire.frame(json.dumps(sentence).encode()))


def peak_bytes() -> int:
    """The most memory that this process has held, in bytes; Linux counts in KiB, macOS in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
