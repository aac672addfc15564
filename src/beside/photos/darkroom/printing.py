"""Making the renditions: upright, sRGB, never cropped, never enlarged, made of pixels alone."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from math import sqrt

import pyvips

from beside.photos.darkroom import colour, sniffing
from beside.photos.darkroom.decoding import Negative, is_damage, open_negative
from beside.photos.darkroom.terms import Developed, Kind, Limits, Made, Notice
from beside.photos.darkroom.verdicts import refusal_for

Size = tuple[int, int]

AVIF_WIDTHS = {"w480": 480, "w1080": 1080, "w2048": 2048}
JPEG_WIDTH = 1600
# For looking close: the whole of a 12-megapixel photograph, or a panorama of 8192 × 1536.
LARGE = "large"
MAX_AREA = 4096 * 3072
# Nearly as large as the one before it wouldn't show more.
_LARGE_FROM_WIDTH = 2560
# The longest side that an AVIF may have here (AV1's levels end near it, and libvips refuses more).
_MAX_SIDE = 16384
# Measured with bench/intake.py on photographs at 2048 px: at effort 0 AVIF has half a JPEG's bytes
# in a quarter of a second; effort 1 takes three times as long for 5 % fewer.
_AVIF = {"compression": "av1", "effort": 0, "Q": 60, "keep": "none"}
_JPEG = {"Q": 82, "keep": "none"}
_DECODING = (pyvips.Error, ValueError, SyntaxError, EOFError, RuntimeError, OSError)


def develop(kind: Kind, data: bytes, limits: Limits, *, quarters: int = 0) -> Developed:
    """Decode `data` and make its renditions; raises CannotDevelop where nothing can be seen.

    They are turned by so many quarters clockwise, after what the file itself says of its turning.
    """
    negative = open_negative(kind, data, limits).turned(quarters)
    print_, damaged = _decode(negative)
    notice = negative.notice
    if sniffing.is_moving(kind, data):
        notice = Notice.MOVING
    if damaged or negative.lacks_scans:
        notice = Notice.DAMAGED
    width, height = _shown(negative)
    # It holds a HEIC's pixels, and writing the largest AVIF takes the most memory of all.
    del negative
    planned = sizes(width, height)
    return Developed(kind.value, width, height, notice, tuple(_renditions(print_, planned)))


def sizes(width: int, height: int) -> dict[str, Size]:
    """The size of each rendition in pixels, smallest first, of a photograph this large when upright.

    Each is bound by its width; all are bound by MAX_AREA and by the longest side of an AVIF.
    """
    scale = min(1.0, sqrt(MAX_AREA / (width * height)), _MAX_SIDE / max(width, height))
    most = max(1, int(width * scale))
    widths = {}
    for name, wanted in AVIF_WIDTHS.items():
        widths[name] = min(wanted, most)
        if wanted >= most:
            break
    if most >= _LARGE_FROM_WIDTH:
        widths[LARGE] = most
    widths["jpeg"] = min(JPEG_WIDTH, most)
    return {
        name: (across, min(_MAX_SIDE, max(1, round(height * across / width))))
        for name, across in widths.items()
    }


def _shown(negative: Negative) -> Size:
    """Its size when it is upright."""
    if negative.is_on_its_side:
        return negative.height, negative.width
    return negative.width, negative.height


def _decode(negative: Negative) -> tuple[pyvips.Image, bool]:
    """The photograph at its largest rendition's size, and whether some of it is gone."""
    try:
        return _print(negative, strict=True), False
    except _DECODING as complaint:
        damaged = is_damage(str(complaint))
    try:
        return _print(negative, strict=False), damaged
    except _DECODING as complaint:
        raise refusal_for(complaint) from None


def _print(negative: Negative, *, strict: bool) -> pyvips.Image:
    width, height = max(sizes(*_shown(negative)).values())
    if negative.is_on_its_side:
        width, height = height, width
    image = colour.flatten(negative.pixels(_shrink(negative, width, height), strict))
    image = image.resize(width / image.width, vscale=height / image.height)
    image = colour.to_srgb(image.copy_memory(), negative.coding)
    return _bare(_upright(image, negative.turn))


def _shrink(negative: Negative, width: int, height: int) -> int:
    """How many times smaller it can be decoded without losing what its largest rendition shows."""
    if not negative.can_shrink:
        return 1
    times = min(negative.width // width, negative.height // height)
    return next((by for by in (8, 4, 2) if by <= times), 1)


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


def _renditions(largest: pyvips.Image, planned: dict[str, Size]) -> Iterator[Made]:
    """Make them all, smallest first.

    An AVIF is written by little more than one core, so the largest is begun first, and the others beside it: that took
    0.75 s where one after the other took 0.94, for 12 megapixels on two cores.
    """
    with ThreadPoolExecutor(max_workers=2) as pool:
        made = {
            name: pool.submit(_rendition, name, largest, size)
            for name, size in sorted(planned.items(), key=lambda item: item[1], reverse=True)
        }
        for name in planned:
            yield made[name].result()


def _rendition(name: str, largest: pyvips.Image, size: Size) -> Made:
    image = _at(largest, size)
    if name == "jpeg":
        return _made(name, "image/jpeg", image, image.jpegsave_buffer(**_JPEG))
    return _made(name, "image/avif", image, image.heifsave_buffer(**_AVIF))


def _at(image: pyvips.Image, size: Size) -> pyvips.Image:
    if size == (image.width, image.height):
        return image
    width, height = size
    return _bare(image.resize(width / image.width, vscale=height / image.height))


def _made(name: str, media_type: str, image: pyvips.Image, data: bytes) -> Made:
    return Made(name, media_type, image.width, image.height, data)
