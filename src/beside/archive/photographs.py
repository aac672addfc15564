"""Photographs as files of an archive, and whether each came out whole."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from hashlib import sha256

from beside.archive.zip_stream import File
from beside.photos.models import Photo, Rendition
from beside.photos.originals import pieces_of
from beside.photos.renditions import bytes_of, size_of
from beside.photos.vault.keyring import KeyDestroyed
from beside.photos.vault.sealing import BlobAltered
from beside.photos.vault.store import BlobMissing
from beside.photos.vault.wrapping import KeyDoesNotOpen

log = logging.getLogger(__name__)

# As long as a sum, so that an archive's length is known before its photographs are read.
NOT_WHOLE = "0" * 64
_BROKEN = (KeyDestroyed, KeyDoesNotOpen, BlobMissing, BlobAltered)


def original(name: str, photo: Photo) -> File:
    """The original, byte for byte, as a file of this name."""

    def pieces() -> Iterator[bytes]:
        with closing(pieces_of(photo)) as found:
            yield from found

    return File(name, photo.original_bytes, pieces, mark=str(photo.original_blob))


def rendition(name: str, made: Rendition) -> File:
    """What readers are sent, as a file of this name."""

    def pieces() -> Iterator[bytes]:
        yield bytes_of(made)

    return File(name, size_of(made), pieces, mark=str(made.pk))


def summed(files: Sequence[File], name: str, *, before_each: Callable[[], None]) -> list[File]:
    """The files, and after them one of this name with each one's SHA-256, as `sha256sum --check` reads it.

    One photograph that can't be read must not cost the others: what is missing of it is filled with zeros, and so
    is its sum. `before_each` may raise, and so end the archive there.
    """
    sums: dict[str, str] = {}

    def reading(file: File) -> File:
        def pieces() -> Iterator[bytes]:
            before_each()
            return _whole_or_filled(file, sums)

        return File(file.name, file.size, pieces, mark=file.mark)

    def told() -> Iterator[bytes]:
        yield "".join(_line(sums[file.name], file.name, under=name) for file in files).encode()

    size = sum(len(_line(NOT_WHOLE, file.name, under=name)) for file in files)
    return [*(reading(file) for file in files), File(name, size, told)]


def _whole_or_filled(file: File, sums: dict[str, str]) -> Iterator[bytes]:
    digest, left, is_whole = sha256(), file.size, False
    try:
        for piece in file.pieces():
            digest.update(piece)
            left -= len(piece)
            yield piece
        is_whole = not left
    except _BROKEN as wrong:
        log.error("A photograph could not be opened (%s). Run: beside verify", type(wrong).__name__)
    sums[file.name] = digest.hexdigest() if is_whole else NOT_WHOLE
    yield bytes(left)


def _line(digest: str, name: str, *, under: str) -> str:
    """Names are told from the folder in which the list itself lies."""
    folder = under.rpartition("/")[0]
    return f"{digest}  {name.removeprefix(folder + '/')}\n"
