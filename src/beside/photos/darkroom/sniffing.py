"""Telling what a file is from its own first bytes, never from its name."""

from __future__ import annotations

import re

from beside.photos.darkroom.terms import CannotDevelop, Kind, Refusal

# All that is needed to tell is within this many bytes: HEIF keeps its item list at the front.
HEAD_BYTES = 64 * 1024

_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_AVIF_BRANDS = {b"avif", b"avis"}
_HEIF_BRANDS = {b"mif1", b"mif2", b"msf1", b"miaf", b"MiHE", b"MiHB"}
# Brands of MP4, QuickTime and the phones' own films; a film gets a sentence of its own.
_FILM_BRANDS = re.compile(
    rb"iso[m0-9]|mp4[0-9]|mp7[0-9]|avc1|qt  |M4V |3g[a-z0-9]{2}|dash|MSNV|XAVC"
)


def sniff(head: bytes) -> Kind:
    """The kind of photograph that starts with `head`; raises CannotDevelop for all else."""
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


def _iso_media(head: bytes) -> Kind:
    size = min(max(int.from_bytes(head[:4], "big"), 16), 512)
    main = head[8:12]
    brands = {main, *(head[at : at + 4] for at in range(16, size, 4))}
    if main in _HEIC_BRANDS:
        return Kind.HEIC
    if main in _AVIF_BRANDS:
        return Kind.AVIF
    if main in _HEIF_BRANDS or not _FILM_BRANDS.fullmatch(main):
        return _by_codec(head, brands)
    raise CannotDevelop(Refusal.FILM)


def _by_codec(head: bytes, brands: set[bytes]) -> Kind:
    """A general HEIF brand leaves open which codec; the others, or the item list, say."""
    if brands & _HEIC_BRANDS:
        return Kind.HEIC
    if brands & _AVIF_BRANDS:
        return Kind.AVIF
    if brands & _HEIF_BRANDS and b"hvcC" in head:
        return Kind.HEIC
    if brands & _HEIF_BRANDS and b"av1C" in head:
        return Kind.AVIF
    raise CannotDevelop(Refusal.FORMAT)


def is_sequence(head: bytes) -> bool:
    """Whether an ISO media file's own brand says that it moves."""
    return head[8:12] in {b"avis", b"msf1", b"hevc", b"hevx", b"hevm", b"hevs"}


def is_moving(kind: Kind, data: bytes | bytearray) -> bool:
    """Whether there is more than a still: an animation, or a film kept with the photograph."""
    if kind is Kind.JPEG:
        return _film_behind_jpeg(data)
    if kind is Kind.PNG:
        first_pixels = data.find(b"IDAT")
        return data.find(b"acTL", 0, first_pixels if first_pixels > 0 else HEAD_BYTES) > 0
    if kind is Kind.WEBP:
        return data[12:16] == b"VP8X" and len(data) > 20 and bool(data[20] & 2)
    return is_sequence(bytes(data[:16])) or _has_film_box(data)


def _film_behind_jpeg(data: bytes | bytearray) -> bool:
    """A motion photograph: the phone keeps an MP4 behind the picture's end."""
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
