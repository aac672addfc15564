"""Telling a decoder's verdict on the bytes from a mistake of ours, by what it said."""

from __future__ import annotations

import re

from beside.photos.darkroom.terms import CannotDevelop, Refusal

# Who is speaking, in the words of libvips 8.18 and libheif 1.23. A complaint that none of them makes
# is not about the photograph: an option that a loader doesn't know, a size that was worked out wrongly.
# Blanks before it are those of its own line: over line breaks, each of many blank lines would read all the others.
_BY_A_DECODER = re.compile(
    r"^[^\S\n]*(VipsJpeg: |vipspng: |webp: |webp2vips: |webpload_buffer: |(heif: )?Invalid input|(heif: )?End of file)",
    re.MULTILINE,
)
_UNSUPPORTED = re.compile(r"unsupported|not supported|not (?:been )?(?:built|implemented)", re.I)
_NO_MEMORY = re.compile(r"out of memory|insufficient memory|memory allocation|security limit", re.I)
# What may be written into a host's log of a complaint: no words that came out of the photograph.
_PLAIN = re.compile(r"[^A-Za-z0-9 _.,:()=-]+")
_MAX_FAULT = 160


def refusal_for(complaint: Exception) -> CannotDevelop:
    """Why a photograph can't be developed whose decoding ended in `complaint`.

    DAMAGED only where a decoder says so of the bytes; otherwise it is we who can't open it yet.
    """
    said = str(complaint)
    if isinstance(complaint, MemoryError) or _NO_MEMORY.search(said):
        return CannotDevelop(Refusal.TOO_HARD)
    if _BY_A_DECODER.search(said) and not _UNSUPPORTED.search(said):
        return CannotDevelop(Refusal.DAMAGED)
    return CannotDevelop(Refusal.NOT_YET, fault=fault_of(complaint))


def fault_of(complaint: BaseException) -> str:
    """Where our program went wrong, for the host's log, in letters that can do no harm there."""
    at = complaint.__traceback__
    while at and at.tb_next:
        at = at.tb_next
    place = f"{at.tb_frame.f_globals.get('__name__')}:{at.tb_lineno}" if at else ""
    said = f"{type(complaint).__name__} at {place}: {complaint}"
    return _PLAIN.sub(" ", said)[:_MAX_FAULT].strip()
