"""Opening a photograph with the one decoder named for its kind, and no other."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import pillow_heif
import pyvips

from beside.photos.darkroom import boxes, chunks, colour, exif, jpeg_markers
from beside.photos.darkroom.cicp import Coding
from beside.photos.darkroom.terms import (
    JPEG_TIMES,
    CannotDevelop,
    Kind,
    Limits,
    Notice,
    Refusal,
)
from beside.photos.darkroom.verdicts import refusal_for

# The loaders of libvips that may run at all, by class; whatever else the library can read
# (SVG, PDF, GIF, TIFF, camera raw, a dozen more) is blocked for the whole process.
_ALLOWED = (
    "VipsForeignLoadJpeg",
    "VipsForeignLoadPng",
    "VipsForeignLoadWebp",
    "VipsForeignLoadHeif",
    "VipsForeignSaveJpeg",
    "VipsForeignSaveHeif",
)
# What libjpeg and libvips say where part of the picture is gone; their other warnings change no pixel.
_DAMAGE = re.compile(r"premature end|corrupt jpeg data", re.IGNORECASE)
# Padding before a segment, but for a restart marker, before which only pixels can have been.
_HARMLESS = re.compile(r"extraneous bytes before marker 0x(?!d[0-7])", re.IGNORECASE)
_LOADERS = {
    Kind.JPEG: "jpegload_buffer",
    Kind.PNG: "pngload_buffer",
    Kind.WEBP: "webpload_buffer",
    Kind.AVIF: "heifload_buffer",
}
# The decoders of these two can give a picture 2, 4 or 8 times smaller, in far less memory.
_SHRINKS: dict[Kind, Callable[[int], dict[str, float]]] = {
    Kind.JPEG: lambda by: {"shrink": by},
    Kind.WEBP: lambda by: {"scale": 1 / by},
}

# EXIF's orientations, each a quarter clockwise further than the one before; the second are mirrored.
_CLOCKWISE = ((1, 6, 3, 8), (2, 7, 4, 5))

pyvips.cache_set_max(0)
pyvips.operation_block_set("VipsForeignLoad", True)  # noqa: FBT003
pyvips.operation_block_set("VipsForeignSave", True)  # noqa: FBT003
for _name in _ALLOWED:
    pyvips.operation_block_set(_name, False)  # noqa: FBT003
pillow_heif.options.THUMBNAILS = False
pillow_heif.options.DEPTH_IMAGES = False
pillow_heif.options.AUX_IMAGES = False
# A HEIC's tiles are decoded side by side, and each waits for a thread of its own again and again: two for each core
# took 0.42 s where one took 0.50, for 12 megapixels on two cores.
pillow_heif.options.DECODE_THREADS = 2 * int(os.environ.get("VIPS_CONCURRENCY", "1"))


@dataclass(frozen=True)
class Negative:
    """An opened photograph: its header has been read, its pixels have not.

    `width` and `height` are those of the stored picture; `turn` is EXIF's orientation (1 to 8).
    `pixels(shrink, strict)` decodes it, that many times smaller where `can_shrink`; with `strict` any
    damage raises pyvips.Error, and without it grey is left where rows are gone. `lacks_scans` says that
    a progressive JPEG was cut where its decoder doesn't notice.
    """

    width: int
    height: int
    turn: int
    pixels: Callable[[int, bool], pyvips.Image]
    notice: Notice | None = None
    coding: Coding | None = None
    can_shrink: bool = False
    lacks_scans: bool = False

    def turned(self, quarters: int) -> Negative:
        """The same, turned by so many more quarters clockwise."""
        cycle = next(cycle for cycle in _CLOCKWISE if self.turn in cycle)
        return replace(self, turn=cycle[(cycle.index(self.turn) + quarters) % 4])

    @property
    def is_on_its_side(self) -> bool:
        """Whether width and height change places when it is turned upright."""
        return self.turn >= 5


def open_negative(kind: Kind, data: bytes, limits: Limits) -> Negative:
    """Read the header of `data`; raises CannotDevelop for a picture too large or not readable."""
    try:
        negative = _open_heic(data) if kind is Kind.HEIC else _open_with_vips(kind, data)
    except (pyvips.Error, ValueError, SyntaxError, EOFError, RuntimeError, OSError) as complaint:
        if kind is Kind.PNG and not chunks.is_whole_start(data):
            raise CannotDevelop(Refusal.DAMAGED) from None  # libpng says nothing at all here
        raise refusal_for(complaint) from None
    can_be_reduced = kind is Kind.JPEG and jpeg_markers.is_eight_bits(data)
    most = limits.max_pixels * (JPEG_TIMES if can_be_reduced else 1)
    if negative.width * negative.height > most:
        raise CannotDevelop(Refusal.PIXELS)
    return negative


def is_damage(complaint: str) -> bool:
    """Whether what a decoder says means that some of the picture is gone."""
    if _HARMLESS.search(complaint):
        return False
    return "VipsJpeg" not in complaint or bool(_DAMAGE.search(complaint))


def _open_with_vips(kind: Kind, data: bytes) -> Negative:
    load = getattr(pyvips.Image, _LOADERS[kind])
    whole = jpeg_markers.tidied(data) if kind is Kind.JPEG else data
    header = load(whole, access="sequential")
    drops_profile = kind is Kind.PNG and chunks.has_cicp(data)

    def pixels(shrink: int, strict: bool) -> pyvips.Image:
        options = _SHRINKS[kind](shrink) if shrink > 1 else {}
        fail_on = "warning" if strict else "none"
        image = load(whole, access="sequential", fail_on=fail_on, **options)
        return colour.without_profile(image) if drops_profile else image

    # libheif has turned an AVIF already, as its own boxes say; its EXIF must not turn it again.
    turn = 1 if kind is Kind.AVIF else _orientation(header)
    return Negative(
        header.width,
        header.height,
        turn,
        pixels,
        coding=_coding(kind, data),
        can_shrink=kind in _SHRINKS,
        lacks_scans=kind is Kind.JPEG and jpeg_markers.lacks_scans(data),
    )


def _coding(kind: Kind, data: bytes) -> Coding | None:
    if kind is Kind.PNG:
        return chunks.coding(data)
    if kind is Kind.AVIF:
        return _item_coding(boxes.main_item(data))
    return None


def _item_coding(main: boxes.MainItem | None) -> Coding | None:
    return Coding.of(*main.nclx) if main and main.nclx else None


def _orientation(header: pyvips.Image) -> int:
    """EXIF's orientation; what isn't one of its eight (0 is common) counts as upright."""
    turn = header.get("orientation") if header.get_typeof("orientation") else 1
    return turn if 1 <= turn <= 8 else 1


def _open_heic(data: bytes) -> Negative:
    item = boxes.main_item(data)
    coding = _item_coding(item)
    # High dynamic range needs all its bits until it is mapped; everything else is 8 bits at once.
    deep = coding is not None and coding.is_high_range
    file = pillow_heif.open_heif(data, convert_hdr_to_8bit=not deep)
    main = file[file.primary_index]

    def pixels(_shrink: int, _strict: bool) -> pyvips.Image:
        return _heic_pixels(main)

    notice = Notice.SEVERAL if len(file) > 1 else None
    # Some phones say in EXIF alone how to turn a picture; where its boxes say so, libheif has done it.
    block = main.info.get("exif")
    turn = 1
    if item and not item.is_turned and isinstance(block, bytes):
        turn = exif.orientation(block)
    return Negative(*main.size, turn=turn, pixels=pixels, notice=notice, coding=coding)


def _heic_pixels(main: pillow_heif.HeifImage) -> pyvips.Image:
    """The decoded picture, without another copy; libheif has turned it as its boxes say."""
    mode, _, bits = main.mode.partition(";")
    plane = main.data
    width, height = main.size
    image = pyvips.Image.new_from_memory(
        plane, width, height, len(mode), "ushort" if bits else "uchar"
    )
    image = image.copy(interpretation=_interpretation(len(mode), deep=bool(bits)))
    profile = main.info.get("icc_profile")
    if profile:
        image = image.copy()
        image.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
    return image


def _interpretation(bands: int, *, deep: bool) -> str:
    if bands < 3:
        return "grey16" if deep else "b-w"
    return "rgb16" if deep else "srgb"
