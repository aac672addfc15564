"""Reading the chunks of a PNG (third edition) that libvips leaves out: what its numbers mean as colours."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from beside.photos.darkroom.cicp import SRGB_CHROMATICITIES, Coding, gamma

_SIGNATURE_BYTES = 8
# sRGB's own gamma as a PNG writes it is 0.45455; nearer than this is meant to be the same.
_SAME_GAMMA, _SAME_CHROMATICITY = 0.01, 0.002


def coding(data: bytes) -> Coding | None:
    """What cICP says, or else gAMA and cHRM where no stronger chunk does; None leaves it to the profile.

    The order is the standard's: cICP, iCCP, sRGB, then gAMA with cHRM.
    """
    found = dict(_before_pixels(data))
    named = found.get(b"cICP", b"")
    if len(named) == 4 and named[2] == 0:
        return Coding.of(named[0], named[1])
    if b"iCCP" in found or b"sRGB" in found or len(found.get(b"gAMA", b"")) != 4:
        return None
    return _by_gamma(int.from_bytes(found[b"gAMA"], "big") / 100_000, found.get(b"cHRM", b""))


def has_cicp(data: bytes) -> bool:
    """Whether a cICP chunk overrules an embedded profile."""
    return b"cICP" in dict(_before_pixels(data))


def is_whole_start(data: bytes) -> bool:
    """Whether the header is there, and pixels begin."""
    size = int.from_bytes(data[8:12], "big")
    header = data[12:29]
    right = zlib.crc32(header).to_bytes(4, "big") == data[29:33]
    return size == 13 and header[:4] == b"IHDR" and right and b"IDAT" in data


def _by_gamma(value: float, chromaticities: bytes) -> Coding | None:
    if value <= 0:
        return None
    numbers = [
        int.from_bytes(chromaticities[at : at + 4], "big") / 100_000
        for at in range(0, len(chromaticities), 4)
    ]
    # A PNG has white first; everywhere else it comes last.
    xy = (*numbers[2:], *numbers[:2]) if len(numbers) == 8 else SRGB_CHROMATICITIES
    pairs = zip(xy, SRGB_CHROMATICITIES, strict=True)
    is_srgb = all(abs(one - other) < _SAME_CHROMATICITY for one, other in pairs)
    if is_srgb and abs(value - 1 / 2.2) < _SAME_GAMMA:
        return None
    coding = Coding(xy, gamma(1 / value))
    return coding if coding.is_possible else None


def _before_pixels(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The small chunks before the first pixels, but those whose checksum is wrong."""
    at = _SIGNATURE_BYTES
    while at + 12 <= len(data):
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if name == b"IDAT":
            return
        if name in {b"cICP", b"gAMA", b"cHRM", b"sRGB", b"iCCP"}:
            content = data[at + 8 : at + 8 + size]
            if zlib.crc32(name + content) == int.from_bytes(
                data[at + 8 + size : at + 12 + size], "big"
            ):
                yield name, content if name != b"iCCP" else b""
        at += 12 + size
