"""Photographs as files of an archive, with a checksum of each."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from hashlib import sha256

from beside.archive.zip_stream import File
from beside.people.models import Account
from beside.photos.file_names import distinct, safe_name
from beside.photos.models import Photo, Rendition
from beside.photos.originals import pieces_of, require_available
from beside.photos.renditions import bytes_of, size_of
from beside.photos.vault.keyring import KeyDestroyed
from beside.photos.vault.sealing import BlobAltered
from beside.photos.vault.store import BlobMissing
from beside.photos.vault.wrapping import KeyDoesNotOpen

log = logging.getLogger(__name__)

# As long as a checksum, so that an archive's length is known before its photographs are read.
UNREADABLE = "0" * 64
_READ_ERRORS = (KeyDestroyed, KeyDoesNotOpen, BlobMissing, BlobAltered)


def _allow() -> None:
    """Raise nothing."""


def original(name: str, photo: Photo, *, before_each: Callable[[], None] = _allow) -> File:
    """The original, byte for byte, as a file with this name. `before_each` is called before each piece is read."""

    def pieces() -> Iterator[bytes]:
        with closing(pieces_of(photo, before_each=before_each)) as found:
            yield from found

    return File(name, photo.original_bytes, pieces, version=str(photo.original_blob))


def chosen_originals(photos: Sequence[Photo], *, of: Account) -> list[File]:
    """The originals of `photos`, each under its own name, made safe and given once.

    Before each piece is read, it is asked whether `of` still holds that one and hasn't hidden it; raises `NotYours`.
    """
    names = distinct(safe_name(photo) for photo in photos)
    return [
        original(name, photo, before_each=partial(require_available, photo.pk, to=of))
        for name, photo in zip(names, photos, strict=True)
    ]


def rendition(name: str, of: Rendition) -> File:
    """A rendition, as readers are sent it, as a file with this name."""

    def pieces() -> Iterator[bytes]:
        yield bytes_of(of)

    return File(name, size_of(of), pieces, version=str(of.pk))


def with_checksums(
    files: Sequence[File], name: str, *, before_each: Callable[[], None]
) -> list[File]:
    """The files, followed by one called `name` with the SHA-256 of each, as `sha256sum --check` reads it.

    A photograph that can't be read must not cost the others: its missing bytes are zeros, and so is its
    checksum. `before_each` is called before each piece, and may raise to end the archive there.
    """
    checksums: dict[str, str] = {}

    def checked(file: File) -> File:
        def pieces() -> Iterator[bytes]:
            before_each()
            return _padded(file, checksums, before_each)

        return File(file.name, file.size, pieces, version=file.version)

    def listed() -> Iterator[bytes]:
        before_each()
        yield "".join(_line(checksums[file.name], file.name, under=name) for file in files).encode()

    size = sum(len(_line(UNREADABLE, file.name, under=name)) for file in files)
    return [*(checked(file) for file in files), File(name, size, listed)]


def _padded(
    file: File, checksums: dict[str, str], before_each: Callable[[], None]
) -> Iterator[bytes]:
    digest, missing, is_complete = sha256(), file.size, False
    try:
        for piece in file.pieces():
            digest.update(piece)
            missing -= len(piece)
            yield piece
            if missing:
                before_each()
        is_complete = not missing
    except _READ_ERRORS as wrong:
        log.error("A photograph could not be opened (%s). Run: beside verify", type(wrong).__name__)
    checksums[file.name] = digest.hexdigest() if is_complete else UNREADABLE
    yield bytes(missing)


def _line(digest: str, name: str, *, under: str) -> str:
    """Names are relative to the folder that the list is in."""
    folder = under.rpartition("/")[0]
    return f"{digest}  {name.removeprefix(folder + '/')}\n"
