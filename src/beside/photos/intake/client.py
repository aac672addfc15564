"""Handing one photograph to a darkroom and reading its renditions back, trusting nothing that it says."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, BinaryIO

from beside.photos.darkroom import wire
from beside.photos.darkroom.terms import Developed, Kind, Limits, Made, Notice, Refusal
from beside.photos.intake import darkrooms
from beside.photos.intake.refusals import Refused

Read = Callable[[int], bytes]

_MEDIA_TYPES = {
    "w480": "image/avif",
    "w1080": "image/avif",
    "w2048": "image/avif",
    "large": "image/avif",
    "jpeg": "image/jpeg",
}
# Far above any honest answer: a decoder that was broken into must not fill this process.
_MAX_HEADER_BYTES = 16 * 1024
_MAX_RENDITION_BYTES = 32 * 1024 * 1024
_MAX_SIDE = 1 << 20
# A fault is written into the host's log.
_NOT_FOR_A_LOG = re.compile(r"[^A-Za-z0-9 _.,:()=-]+")
_MAX_FAULT = 160


def develop(read: Read | BinaryIO, *, limits: Limits, quarters: int = 0) -> Developed:
    """Develop the photograph that `read` gives, piece by piece until it is empty.

    Its renditions are turned by so many quarters clockwise, after what the file says of its turning.

    Raises Refused. Whatever happens in the decoder (a crash, a hang, a bomb) happens to a process
    that is used for this photograph alone and holds no key, path or database handle. No rendition
    that is returned holds anything but the photograph's own pixels. What `read` raises goes through
    as it is; `darkrooms.NoDarkroom` means that this machine can't develop at all.
    """
    receive = read if callable(read) else read.read
    with darkrooms.borrowed(limits) as line:
        line.order(wire.pack_order(limits, quarters=quarters))
        line.give(receive, limits.max_bytes)
        try:
            return _answer(line.receive)
        except (wire.Incomplete, ValueError, KeyError, TypeError) as broken:
            fault = f"the darkroom gave no answer that can be read ({type(broken).__name__})"
            raise Refused(Refusal.NOT_YET, fault=fault) from None


def _answer(receive: Read) -> Developed:
    length = wire.read_length(receive)
    if length > _MAX_HEADER_BYTES:
        raise ValueError(length)
    said = json.loads(wire.read_exactly(receive, length))
    if "unlocked" in said:
        raise darkrooms.Unlocked
    if "refusal" in said:
        fault = _NOT_FOR_A_LOG.sub(" ", str(said.get("fault", "")))[:_MAX_FAULT]
        raise Refused(Refusal(said["refusal"]), fault=fault)
    return Developed(
        kind=Kind(said["kind"]).value,
        width=_side(said["width"]),
        height=_side(said["height"]),
        notice=Notice(said["notice"]) if said["notice"] else None,
        renditions=tuple(_made(each, receive) for each in said["renditions"][: len(_MEDIA_TYPES)]),
        peak_bytes=int(said["peak_bytes"]),
    )


def _made(said: list[Any], receive: Read) -> Made:
    name, width, height, size = said
    if not 0 < size <= _MAX_RENDITION_BYTES:
        raise ValueError(size)
    data = wire.read_exactly(receive, size)
    media_type = _MEDIA_TYPES[name]
    if not (
        data[:3] == b"\xff\xd8\xff" if media_type == "image/jpeg" else data[4:12] == b"ftypavif"
    ):
        raise ValueError(name)
    return Made(name, media_type, _side(width), _side(height), data)


def _side(pixels: int) -> int:
    if not 0 < pixels <= _MAX_SIDE:
        raise ValueError(pixels)
    return int(pixels)
