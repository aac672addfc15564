"""Making the renditions: upright, sRGB, never cropped, never enlarged, made of pixels alone."""

from __future__ import annotations

from collections.abc import Iterator

import pyvips

from beside.photos.darkroom import colour, sniffing
from beside.photos.darkroom.decoding import Negative, is_damage, open_negative
from beside.photos.darkroom.terms import (
    CannotDevelop,
    Developed,
    Kind,
    Limits,
    Made,
    Notice,
    Refusal,
)

AVIF_WIDTHS = {"w480": 480, "w1080": 1080, "w2048": 2048}
JPEG_WIDTH = 1600
# The longest side that an AVIF may have here (AV1's levels end near it, and libvips refuses more).
_MAX_SIDE = 16384
# Measured with bench/intake.py on photographs at 2048 px: at effort 0 AVIF has half a JPEG's bytes
# in a quarter of a second; effort 1 takes three times as long for 5 % fewer.
_AVIF = {"compression": "av1", "effort": 0, "Q": 60, "keep": "none"}
_JPEG = {"Q": 82, "keep": "none"}


def develop(kind: Kind, data: bytes, limits: Limits) -> Developed:
    """Decode `data` and make its renditions; raises CannotDevelop where nothing can be seen."""
    negative = open_negative(kind, data, limits)
    print_, damaged = _decode(negative)
    notice = negative.notice
    if sniffing.is_moving(kind, data):
        notice = Notice.MOVING
    if damaged:
        notice = Notice.DAMAGED
    width, height = negative.width, negative.height
    if negative.is_on_its_side:
        width, height = height, width
    return Developed(kind.value, width, height, notice, tuple(_renditions(print_)))


def _decode(negative: Negative) -> tuple[pyvips.Image, bool]:
    """The photograph at its largest rendition's size, and whether some of it is gone."""
    try:
        return _print(negative, strict=True), False
    except pyvips.Error as complaint:
        damaged = is_damage(str(complaint))
    try:
        return _print(negative, strict=False), damaged
    except pyvips.Error:
        raise CannotDevelop(Refusal.DAMAGED) from None


def _print(negative: Negative, *, strict: bool) -> pyvips.Image:
    width, height = _largest(negative)
    shrink = next(by for by in (8, 4, 2, 1) if by == 1 or negative.width >= by * width)
    image = colour.flatten(negative.pixels(shrink, strict))
    image = image.resize(width / image.width, vscale=height / image.height)
    image = colour.to_srgb(image.copy_memory(), negative.nclx)
    return _bare(_upright(image, negative.turn))


def _largest(negative: Negative) -> tuple[int, int]:
    """The size of the largest rendition, held as the photograph is stored."""
    across, down = negative.width, negative.height
    shown = down if negative.is_on_its_side else across
    scale = min(1.0, max(AVIF_WIDTHS.values()) / shown, _MAX_SIDE / max(across, down))
    return max(1, round(across * scale)), max(1, round(down * scale))


def _bare(image: pyvips.Image) -> pyvips.Image:
    """A new image of the same pixels: no metadata has come along to be written by mistake."""
    pixels = image.write_to_memory()
    bare = pyvips.Image.new_from_memory(pixels, image.width, image.height, 3, "uchar")
    return bare.copy(interpretation="srgb")


def _upright(image: pyvips.Image, turn: int) -> pyvips.Image:
    """Undo EXIF's orientation: a mirroring, a turn, or both."""
    if turn in {2, 4, 5, 7}:
        image = image.fliphor()
    quarter = {3: "d180", 4: "d180", 5: "d270", 6: "d90", 7: "d90", 8: "d270"}.get(turn)
    return image.rot(quarter) if quarter else image


def _renditions(largest: pyvips.Image) -> Iterator[Made]:
    for name, wanted in AVIF_WIDTHS.items():
        image = _at_width(largest, wanted)
        yield _made(name, "image/avif", image, image.heifsave_buffer(**_AVIF))
        if image.width == largest.width:
            break
    image = _at_width(largest, JPEG_WIDTH)
    yield _made("jpeg", "image/jpeg", image, image.jpegsave_buffer(**_JPEG))


def _at_width(image: pyvips.Image, width: int) -> pyvips.Image:
    if image.width <= width:
        return image
    height = max(1, round(image.height * width / image.width))
    return _bare(image.resize(width / image.width, vscale=height / image.height))


def _made(name: str, media_type: str, image: pyvips.Image, data: bytes) -> Made:
    return Made(name, media_type, image.width, image.height, data)
