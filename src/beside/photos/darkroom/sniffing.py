"""Telling what a file is from its own bytes, never from its name."""

from __future__ import annotations

import re

from beside.photos.darkroom import boxes
from beside.photos.darkroom.terms import CannotDevelop, Kind, Refusal

# Nearly always enough to tell: only a HEIF file may keep its item list behind its pixels.
HEAD_BYTES = 64 * 1024

_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_AVIF_BRANDS = {b"avif", b"avis"}
_HEIF_BRANDS = {b"mif1", b"mif2", b"msf1", b"miaf", b"MiHE", b"MiHB"}
# Brands of MP4, QuickTime and what phones film in; a film gets a sentence of its own.
_FILM_BRANDS = re.compile(
    rb"iso[m0-9]|mp4[0-9]|mp7[0-9]|avc1|qt  |M4V |3g[a-z0-9]{2}|dash|MSNV|XAVC"
)


def sniff_whole(data: bytes) -> Kind:
    """The kind of photograph that `data` is; raises CannotDevelop for anything else."""
    kind = sniff(data[:HEAD_BYTES])
    if kind is None:
        main = boxes.main_item(data)
        kind = {b"hvcC": Kind.HEIC, b"av1C": Kind.AVIF}.get(main.codec) if main else None
    if kind is None:
        raise CannotDevelop(Refusal.FORMAT)
    return kind


def sniff(head: bytes) -> Kind | None:
    """The kind of photograph that starts with `head`; raises CannotDevelop for anything else.

    None where only the whole file can tell.
    """
    if not head:
        raise CannotDevelop(Refusal.EMPTY)
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if head[:4] == b"RIFF":
        return _riff(head)
    if head[4:8] == b"ftyp":
        return _iso_media(head)
    if head.startswith((b"\x1a\x45\xdf\xa3", b"\x00\x00\x01\xba")):
        raise CannotDevelop(Refusal.FILM)
    raise CannotDevelop(Refusal.FORMAT)


def _riff(head: bytes) -> Kind:
    if head[8:12] == b"WEBP":
        return Kind.WEBP
    raise CannotDevelop(Refusal.FILM if head[8:12] == b"AVI " else Refusal.FORMAT)


def _iso_media(head: bytes) -> Kind | None:
    size = min(max(int.from_bytes(head[:4], "big"), 16), 512)
    main = head[8:12]
    brands = {main, *(head[at : at + 4] for at in range(16, size, 4))}
    if main in _HEIC_BRANDS:
        return Kind.HEIC
    if main in _AVIF_BRANDS:
        return Kind.AVIF
    if main in _HEIF_BRANDS or not _FILM_BRANDS.fullmatch(main):
        return _by_codec(brands)
    raise CannotDevelop(Refusal.FILM)


def _by_codec(brands: set[bytes]) -> Kind | None:
    """A general HEIF brand leaves the codec open; other brands tell it, or the item list (None)."""
    if brands & _HEIC_BRANDS:
        return Kind.HEIC
    if brands & _AVIF_BRANDS:
        return Kind.AVIF
    if brands & _HEIF_BRANDS:
        return None
    raise CannotDevelop(Refusal.FORMAT)


def is_sequence(head: bytes) -> bool:
    """Whether the brand of an ISO media file says that it moves."""
    return head[8:12] in {b"avis", b"msf1", b"hevc", b"hevx", b"hevm", b"hevs"}


def is_moving(kind: Kind, data: bytes | bytearray) -> bool:
    """Whether there is more than a still picture: an animation, or a film beside the photograph."""
    if kind is Kind.JPEG:
        return _film_behind_jpeg(data)
    if kind is Kind.PNG:
        first_pixels = data.find(b"IDAT")
        return data.find(b"acTL", 0, first_pixels if first_pixels > 0 else HEAD_BYTES) > 0
    if kind is Kind.WEBP:
        return data[12:16] == b"VP8X" and len(data) > 20 and bool(data[20] & 2)
    return is_sequence(bytes(data[:16])) or _has_film_box(data)


def _film_behind_jpeg(data: bytes | bytearray) -> bool:
    """A motion photograph: the phone appends an MP4 to the picture."""
    scan = data.find(b"\xff\xda")
    end = data.find(b"\xff\xd9", max(scan, 0))
    at = data.find(b"ftyp", end) if end > 0 else -1
    return at > 0 and bool(_FILM_BRANDS.match(bytes(data[at + 4 : at + 8])))


def _has_film_box(data: bytes | bytearray) -> bool:
    at = 0
    for _ in range(64):
        size, name = int.from_bytes(data[at : at + 4], "big"), bytes(data[at + 4 : at + 8])
        if name in {b"moov", b"mpvd"}:
            return True
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size < 8:
            return False
        at += size
    return False
