"""Recognising a file that the same person has put here before.

The digest that is kept of a file is keyed with the root key and with its owner's id, so that a copy of the
database can't be searched for a file that somebody has, and doesn't show that two people have the same one.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from beside.people.models import Account
from beside.photos.models import Hold, Photo
from beside.photos.vault.root import derive

# A browser can hash a whole file only piece by piece; static/beside/tus.js has the same number.
PIECE_BYTES = 4 * 1024 * 1024
HASH_BYTES = 32


class ContentHash:
    """The SHA-256 of the SHA-256 of each piece of `PIECE_BYTES`, computed as the bytes come."""

    def __init__(self) -> None:
        self._pieces = hashlib.sha256()
        self._piece = hashlib.sha256()
        self._wanted = PIECE_BYTES

    def update(self, data: bytes) -> None:
        """Take the next bytes, any number of them."""
        view = memoryview(data)
        while view:
            self._piece.update(view[: self._wanted])
            taken = min(self._wanted, len(view))
            view, self._wanted = view[taken:], self._wanted - taken
            if not self._wanted:
                self._end_piece()

    def digest(self) -> bytes:
        """The hash, 32 bytes. Nothing can be added after it."""
        if self._wanted < PIECE_BYTES:
            self._end_piece()
        return self._pieces.digest()

    def _end_piece(self) -> None:
        self._pieces.update(self._piece.digest())
        self._piece, self._wanted = hashlib.sha256(), PIECE_BYTES


class HashedFile:
    """Pieces of any length as a file to read, whose `ContentHash` is computed as they come."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""
        self._hash = ContentHash()

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; none at the end."""
        if not self._rest:
            self._rest = next(self._pieces, b"")
            self._hash.update(self._rest)
        given, self._rest = self._rest[:size], self._rest[size:]
        return given

    def content_hash(self) -> bytes:
        """That of the whole file, whether all of it was read or not."""
        while self.read(PIECE_BYTES):
            pass
        return self._hash.digest()


def digest_of(content_hash: bytes, *, owner: UUID) -> bytes:
    """What is kept of a file that `owner` has put here, from its `ContentHash`."""
    return hmac.digest(_key(), owner.bytes + content_hash, "sha256")


def same(account: Account, digest: bytes) -> QuerySet[Photo]:
    """The photographs with this digest that `account` has put here and still holds, oldest first."""
    return _kept(account).filter(content_digest=digest).order_by("uploaded_at", "pk")


def repeated(photos: Iterable[Photo], *, by: Account) -> set[UUID]:
    """The ids of those of `photos` whose file `by` had put here before, and still holds."""
    digests = {bytes(photo.content_digest) for photo in photos if photo.content_digest}
    copies: dict[bytes, list[UUID]] = defaultdict(list)
    found = _kept(by).filter(content_digest__in=digests).order_by("uploaded_at", "pk")
    for photo in found.only("content_digest"):
        copies[bytes(photo.content_digest or b"")].append(photo.pk)
    return {pk for same_file in copies.values() for pk in same_file[1:]}


def _kept(account: Account) -> QuerySet[Photo]:
    held = Hold.objects.filter(account=account, kind=Hold.Kind.ORIGINAL)
    return Photo.objects.filter(uploader=account, pk__in=held.values("photo"))


@lru_cache(maxsize=1)
def _key() -> bytes:
    return derive(settings.ROOT_KEY, "same-file")
