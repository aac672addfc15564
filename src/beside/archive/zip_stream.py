"""One file of many, made while it is sent: nothing of it is ever on a disk, and its length is known beforehand.

The same files give the same bytes, and so a line that broke is gone on with from where it was. Nothing is
compressed: photographs are already.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

# APPNOTE.TXT 6.3.10, 4.3: a local header and the sums after a file; its header in the central directory, with
# its place in a Zip64 field where that is beyond 2 GB; the directory's end, and that end's Zip64 form.
_LOCAL_BYTES, _CENTRAL_BYTES, _WIDE_PLACE_BYTES = 30 + 16, 46, 4 + 8
_END_BYTES, _ZIP64_END_BYTES = 22, 56 + 20


@dataclass(frozen=True)
class File:
    """A file to be. `name` is ASCII, with "/" between folders; `pieces` gives exactly `size` bytes, below 2 GB.

    `mark` is another for other bytes.
    """

    name: str
    size: int
    pieces: Callable[[], Iterable[bytes]]
    mark: str = ""


def whole(name: str, data: bytes) -> File:
    """A file that is there already."""
    return File(name, len(data), lambda: [data], mark=sha256(data).hexdigest())


def mark_of(files: Sequence[File], *, at: datetime) -> str:
    """The same for the same archive, byte by byte, and no other."""
    told = [at.isoformat(), *(f"{file.name} {file.size} {file.mark}" for file in files)]
    return sha256("\n".join(told).encode()).hexdigest()


def size_of(files: Sequence[File]) -> int:
    """How many bytes `stream` gives."""
    offset = central = 0
    for file in files:
        central += _CENTRAL_BYTES + len(file.name) + _WIDE_PLACE_BYTES * _is_wide(offset)
        offset += _LOCAL_BYTES + len(file.name) + file.size
    is_wide = len(files) > zipfile.ZIP_FILECOUNT_LIMIT or _is_wide(offset) or _is_wide(central)
    return offset + central + _END_BYTES + _ZIP64_END_BYTES * is_wide


def stream(files: Iterable[File], *, at: datetime) -> Iterator[bytes]:
    """The zip file, a piece at a time; each file in it is dated `at`."""
    made = _Made()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for file in files:
            info = zipfile.ZipInfo(file.name, at.timetuple()[:6])
            info.external_attr = 0o644 << 16
            with archive.open(info, "w") as inside:
                for piece in file.pieces():
                    inside.write(piece)
                    yield made.take()
            yield made.take()
    yield made.take()


def _is_wide(number: int) -> bool:
    return number > zipfile.ZIP64_LIMIT


class _Made(io.RawIOBase):
    """Takes what `zipfile` writes, and can't be gone back in: so each file's sums stand after it."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = memoryview(data).cast("B")  # type: ignore[arg-type]
        self._waiting += piece
        return len(piece)

    def take(self) -> bytes:
        """What was written since."""
        taken = bytes(self._waiting)
        self._waiting.clear()
        return taken
