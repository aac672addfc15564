"""Reading the boxes of a HEIF file (ISO/IEC 14496-12 and 23008-12): what is said of its main picture.

A file may hold many items (tiles, thumbnails, gain maps), and one list of properties for all of them.
Which property belongs to which item is said by `ipma` alone, never by the order in the file. Nothing
here raises for a malformed file: what can't be read is not there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_TURNS = {b"irot", b"imir"}
_MAX_TOP_BOXES = 4096


@dataclass(frozen=True)
class Property:
    """One box of the property list: its four letters and its content."""

    name: bytes
    content: bytes


@dataclass(frozen=True)
class MainItem:
    """The item that `pitm` names, with its own properties.

    `inherited` are those of the first item that it is put together from (the first tile of a grid).
    """

    properties: tuple[Property, ...]
    inherited: tuple[Property, ...] = ()

    @property
    def is_turned(self) -> bool:
        """Whether the file itself says how to turn or mirror it, so that EXIF must not."""
        return any(each.name in _TURNS for each in self.properties)

    @property
    def nclx(self) -> tuple[int, int] | None:
        """Colour primaries and transfer characteristics (ITU-T H.273), if a colour box says them.

        A grid's own colour boxes come before those of its tiles.
        """
        own = [each for each in self.properties if each.name == b"colr"]
        for box in own or [each for each in self.inherited if each.name == b"colr"]:
            if box.content[:4] == b"nclx" and len(box.content) >= 8:
                return _number(box.content[4:6]), _number(box.content[6:8])
        return None

    @property
    def codec(self) -> bytes:
        """The name of the decoder's configuration (`hvcC`, `av1C`); empty where none is given."""
        found = (*self.properties, *self.inherited)
        return next((each.name for each in found if each.name in {b"hvcC", b"av1C"}), b"")


def main_item(data: bytes) -> MainItem | None:
    """What the file says of its main picture, wherever in the file that stands; None without a `meta` box."""
    meta = next((content for name, content in _top(data) if name == b"meta"), None)
    if meta is None:
        return None
    boxes = list(_boxes(meta[4:]))
    named = _first(boxes, b"pitm")
    item = _number(named[4:6] if named[:1] == b"\0" else named[4:8])
    properties = list(_boxes(_first(boxes, b"iprp")))
    listed = [Property(*box) for box in _boxes(_first(properties, b"ipco"))]
    pairs = [
        pair for name, content in properties if name == b"ipma" for pair in _associations(content)
    ]

    def of(owner: int | None) -> tuple[Property, ...]:
        places = [at for of_item, indices in pairs if of_item == owner for at in indices]
        return tuple(listed[at - 1] for at in places if 0 < at <= len(listed))

    return MainItem(of(item), of(_first_part(_first(boxes, b"iref"), item)))


def _top(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The boxes of the file itself; the content of pixels is not copied."""
    at = 0
    for _ in range(_MAX_TOP_BOXES):
        name = data[at + 4 : at + 8]
        size, header = _size(data, at, len(data))
        if size < header:
            return
        yield name, data[at + header : at + size] if name == b"meta" else b""
        at += size


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(data):
        size, header = _size(data, at, len(data))
        if size < header:
            return
        yield data[at + 4 : at + 8], data[at + header : at + size]
        at += size


def _size(data: bytes, at: int, end: int) -> tuple[int, int]:
    """The size of the box at `at` and of its header; a size of 0 reaches to the end."""
    size = _number(data[at : at + 4])
    if size == 1:
        return _number(data[at + 8 : at + 16]), 16
    return size or end - at, 8


def _associations(content: bytes) -> Iterator[tuple[int, list[int]]]:
    """Each item of an `ipma` box, with the places of its properties, which are counted from 1."""
    id_bytes = 2 if content[:1] == b"\0" else 4
    index_bytes, mask = (2, 0x7FFF) if content[3:4] and content[3] & 1 else (1, 0x7F)
    at = 8
    while at + id_bytes < len(content):
        owner = _number(content[at : at + id_bytes])
        count = content[at + id_bytes]
        at += id_bytes + 1
        places = range(at, at + count * index_bytes, index_bytes)
        yield owner, [_number(content[place : place + index_bytes]) & mask for place in places]
        at += count * index_bytes


def _first_part(content: bytes, item: int) -> int | None:
    """The first item that `item` is derived from, by an `iref` box."""
    id_bytes = 2 if content[:1] == b"\0" else 4
    for name, reference in _boxes(content[4:]):
        if name == b"dimg" and _number(reference[:id_bytes]) == item:
            return _number(reference[id_bytes + 2 : 2 * id_bytes + 2]) or None
    return None


def _first(boxes: list[tuple[bytes, bytes]], wanted: bytes) -> bytes:
    return next((content for name, content in boxes if name == wanted), b"")


def _number(data: bytes) -> int:
    return int.from_bytes(data, "big")
