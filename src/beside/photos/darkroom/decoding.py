"""Opening a photograph with the one loader named for its kind, and no other."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

import pillow_heif
import pyvips

from beside.photos.darkroom import colour
from beside.photos.darkroom.terms import CannotDevelop, Kind, Limits, Notice, Refusal

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
# libjpeg's words for "some of this is not what it was"; its other warnings change no pixel.
_DAMAGE = ("premature end", "corrupt jpeg data")
# Padding before the picture's end: some cameras leave it there.
_HARMLESS = "extraneous bytes before marker 0xd9"

pyvips.cache_set_max(0)
pyvips.operation_block_set("VipsForeignLoad", True)  # noqa: FBT003
pyvips.operation_block_set("VipsForeignSave", True)  # noqa: FBT003
for _name in _ALLOWED:
    pyvips.operation_block_set(_name, False)  # noqa: FBT003
pillow_heif.options.THUMBNAILS = False
pillow_heif.options.DEPTH_IMAGES = False
pillow_heif.options.AUX_IMAGES = False
pillow_heif.options.DECODE_THREADS = int(os.environ.get("VIPS_CONCURRENCY", "1"))


@dataclass(frozen=True)
class Negative:
    """An opened photograph: its header is read, its pixels are not.

    `width` and `height` are those of the stored picture; `turn` says how to hold it (EXIF, 1-8).
    `pixels(shrink, strict)` opens it for decoding: a JPEG 2, 4 or 8 times smaller where asked,
    and with `strict` any damage raises pyvips.Error instead of leaving grey where rows are gone.
    """

    width: int
    height: int
    turn: int
    pixels: Callable[[int, bool], pyvips.Image]
    notice: Notice | None = None
    nclx: colour.Nclx | None = None

    @property
    def is_on_its_side(self) -> bool:
        """Whether width and height change places when it is turned upright."""
        return self.turn >= 5


def open_negative(kind: Kind, data: bytes, limits: Limits) -> Negative:
    """Read the header of `data`; raises CannotDevelop for one too large or not readable."""
    try:
        negative = _open_heic(data) if kind is Kind.HEIC else _open_with_vips(kind, data)
    except (pyvips.Error, ValueError, SyntaxError, EOFError, RuntimeError, OSError):
        raise CannotDevelop(Refusal.DAMAGED) from None
    if negative.width * negative.height > limits.max_pixels:
        raise CannotDevelop(Refusal.PIXELS)
    return negative


def is_damage(warning: str) -> bool:
    """Whether a decoder's complaint means that some of the picture is gone."""
    said = warning.lower()
    if _HARMLESS in said:
        return False
    return "vipsjpeg" not in said or any(words in said for words in _DAMAGE)


def _open_with_vips(kind: Kind, data: bytes) -> Negative:
    load = {
        Kind.JPEG: pyvips.Image.jpegload_buffer,
        Kind.PNG: pyvips.Image.pngload_buffer,
        Kind.WEBP: pyvips.Image.webpload_buffer,
        Kind.AVIF: pyvips.Image.heifload_buffer,
    }[kind]
    header = load(data, access="sequential")

    def pixels(shrink: int, strict: bool) -> pyvips.Image:
        options = {"shrink": shrink} if shrink > 1 else {}
        fail_on = "warning" if strict else "none"
        return load(data, access="sequential", fail_on=fail_on, **options)

    # libheif has turned an AVIF already, as its own boxes say; its EXIF must not turn it again.
    turn = 1 if kind is Kind.AVIF else _orientation(header)
    nclx = colour.find_nclx(data) if kind is Kind.AVIF else None
    return Negative(header.width, header.height, turn, pixels, nclx=nclx)


def _orientation(header: pyvips.Image) -> int:
    """EXIF's orientation; what isn't one of its eight (0 is common) counts as upright."""
    turn = header.get("orientation") if header.get_typeof("orientation") else 1
    return turn if 1 <= turn <= 8 else 1


def _open_heic(data: bytes) -> Negative:
    nclx = colour.find_nclx(data)
    # High dynamic range needs all its bits until it is mapped; everything else is 8 bits at once.
    deep = nclx is not None and nclx.is_high_range
    file = pillow_heif.open_heif(data, convert_hdr_to_8bit=not deep)
    main = file[file.primary_index]

    def pixels(_shrink: int, _strict: bool) -> pyvips.Image:
        return _heic_pixels(main)

    notice = Notice.SEVERAL if len(file) > 1 else None
    return Negative(*main.size, turn=1, pixels=pixels, notice=notice, nclx=nclx)


def _heic_pixels(main: pillow_heif.HeifImage) -> pyvips.Image:
    """The decoded picture, without another copy; pillow-heif has turned it already."""
    mode, _, bits = main.mode.partition(";")
    try:
        plane = main.data
    except (ValueError, SyntaxError, EOFError, RuntimeError, OSError) as damage:
        raise pyvips.Error(str(damage)) from None
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
