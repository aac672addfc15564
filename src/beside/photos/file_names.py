"""The name that a file had on the phone: as it is shown, and as a download of its original bears it on any computer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain, count

from beside.index.unicode_forms import normalized
from beside.photos.models import Photo

# What a file of each kind may be called; the first is for a file that was called something else.
_EXTENSIONS: dict[str, Sequence[str]] = {
    "jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "png": ("png",),
    "webp": ("webp",),
    "avif": ("avif",),
    "heic": ("heic", "heif", "hif"),
}
# A kept file that nothing here could open keeps an extension that is at least a picture's.
_UNOPENED = ("bin", *(one for each in _EXTENSIONS.values() for one in each), "tif", "tiff", "dng")
_PICTURES = frozenset(_UNOPENED[1:])
# Reserved on some file system, or by a shell that somebody pastes the name into.
_RESERVED_SIGNS = re.compile(r'[<>:"/\\|?*]')
_RESERVED_NAMES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
# File systems hold 255 bytes; a browser may add " (1)", and somebody a word of their own.
_MOST_BYTES = 120
_WITHOUT_NAME = "photograph"


def safe_name(photo: Photo) -> str:
    """The file name for a download of the original of `photo`, at most 140 bytes long in UTF-8.

    It has no path, no control and no sign that changes the direction of text; it begins with no dot or dash;
    and its extension is one of the file's kind, whatever the phone called it.
    """
    return f"{safe_stem(photo.name_on_phone)}.{extension_of(photo)}"


def distinct(names: Iterable[str]) -> list[str]:
    """The names in their order, with " (2)", " (3)" … before the extension of one that there was already.

    Names that differ in capitals alone are the same on many computers.
    """
    given: list[str] = []
    taken: set[str] = set()
    for name in names:
        stem, dot, extension = name.rpartition(".")
        again = (f"{stem} ({number}){dot}{extension}" for number in count(2))
        free = next(one for one in chain([name], again) if one.casefold() not in taken)
        taken.add(free.casefold())
        given.append(free)
    return given


def safe_stem(name: str) -> str:
    """`name` without a picture's extension, made safe; "photograph" where nothing is left of it.

    Not `get_valid_filename`: that drops spaces, and the vowel signs of Hindi, Tamil and Thai.
    """
    stem, _dot, extension = name.rpartition(".")
    if extension.lower() not in _PICTURES:
        stem = name
    visible = "".join(sign for sign in normalized("NFC", stem) if sign.isprintable())
    safe = _RESERVED_SIGNS.sub("_", visible).strip(" .-~_")
    safe = safe.encode("utf-8", "ignore")[:_MOST_BYTES].decode("utf-8", "ignore").rstrip(" .")
    if _RESERVED_NAMES.match(safe):
        return f"{_WITHOUT_NAME}-{safe}"
    return safe or _WITHOUT_NAME


def extension_of(photo: Photo) -> str:
    """The extension of the original of `photo`, without the dot: the phone's own where it fits the kind."""
    known = _EXTENSIONS.get(photo.kind, _UNOPENED)
    said = photo.name_on_phone.rpartition(".")[2]
    return said if said.isascii() and said.lower() in known else known[0]
