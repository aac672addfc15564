"""Reading from an EXIF block the one thing that is needed of it: which way up the picture is."""

from __future__ import annotations

import re
from typing import Literal

_TIFF = re.compile(rb"II\*\0|MM\0\*")
_ORIENTATION, _SHORT = 0x0112, 3
_ENTRY_BYTES = 12


def orientation(block: bytes) -> int:
    """EXIF's orientation, 1 to 8; whatever can't be read, or isn't one of these, counts as upright (1)."""
    found = _TIFF.search(block, 0, 64)
    if not found:
        return 1
    tiff = block[found.start() :]
    order: Literal["little", "big"] = "little" if tiff[:1] == b"I" else "big"
    start = int.from_bytes(tiff[4:8], order)
    count = int.from_bytes(tiff[start : start + 2], order)
    for at in range(start + 2, min(start + 2 + count * _ENTRY_BYTES, len(tiff)), _ENTRY_BYTES):
        tag, kind = (int.from_bytes(tiff[at + by : at + by + 2], order) for by in (0, 2))
        if (tag, kind) == (_ORIENTATION, _SHORT):
            turn = int.from_bytes(tiff[at + 8 : at + 10], order)
            return turn if 1 <= turn <= 8 else 1
    return 1
