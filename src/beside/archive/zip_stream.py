"""A zip file that is made while it is sent. None of it is ever on a disk, and its length is known beforehand.

The same files always give the same bytes, so an interrupted download can be resumed. Nothing is compressed,
as photographs already are.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

# APPNOTE.TXT 6.3.10, section 4.3: a file's local header and the data descriptor after it; its header in the
# central directory, with a Zip64 offset beyond 2 GB; the end of the central directory, and its Zip64 form.
_LOCAL_BYTES, _CENTRAL_BYTES, _ZIP64_OFFSET_BYTES = 30 + 16, 46, 4 + 8
_END_BYTES, _ZIP64_END_BYTES = 22, 56 + 20


@dataclass(frozen=True)
class File:
    """A file in the archive. `name` has "/" between folders; what isn't ASCII in it is written in UTF-8.

    `pieces` gives exactly `size` bytes, below 2 GB. `version` differs if the bytes do.
    """

    name: str
    size: int
    pieces: Callable[[], Iterable[bytes]]
    version: str = ""


def from_bytes(name: str, data: bytes) -> File:
    """A file with these bytes."""
    return File(name, len(data), lambda: [data], version=sha256(data).hexdigest())


def digest_of(files: Sequence[File], *, at: datetime) -> str:
    """A digest that two archives share only if they are the same, byte for byte."""
    lines = [at.isoformat(), *(f"{file.name} {file.size} {file.version}" for file in files)]
    return sha256("\n".join(lines).encode()).hexdigest()


def size_of(files: Sequence[File]) -> int:
    """How many bytes `stream` yields."""
    offset = central = 0
    for file in files:
        name_bytes = len(file.name.encode())
        central += _CENTRAL_BYTES + name_bytes + _ZIP64_OFFSET_BYTES * _needs_zip64(offset)
        offset += _LOCAL_BYTES + name_bytes + file.size
    ends_in_zip64 = (
        len(files) > zipfile.ZIP_FILECOUNT_LIMIT or _needs_zip64(offset) or _needs_zip64(central)
    )
    return offset + central + _END_BYTES + _ZIP64_END_BYTES * ends_in_zip64


def stream(files: Iterable[File], *, at: datetime) -> Iterator[bytes]:
    """The zip file, in pieces. Every file in it is dated `at`."""
    written = _Buffer()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        for file in files:
            info = zipfile.ZipInfo(file.name, at.timetuple()[:6])
            info.external_attr = 0o644 << 16
            with archive.open(info, "w") as inside:
                for piece in file.pieces():
                    inside.write(piece)
                    yield from written.take()
            yield from written.take()
    yield from written.take()


def _needs_zip64(number: int) -> bool:
    return number > zipfile.ZIP64_LIMIT


class _Buffer(io.RawIOBase):
    """What `zipfile` has written. It can't seek, so `zipfile` writes each checksum after its file."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        # Of `bytes` this makes no copy, which a slow reader would keep in memory beside the piece itself.
        piece = bytes(data)  # type: ignore[call-overload]
        self._written.append(piece)
        return len(piece)

    def take(self) -> list[bytes]:
        """What was written since the last call."""
        taken, self._written = self._written, []
        return taken
