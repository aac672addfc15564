"""The two formats on disk: a small blob sealed whole, and an original sealed piece by piece as it arrives.

Both bind the bytes to their identity (instance, photograph, blob, role), so that somebody who can write to the
store can't swap files. Each blob has a key of its own, so that even a repeated nonce would expose only one
blob. `docs/security.md` lists the threats.

A small blob:  "BsB" version  blob id (16)  nonce (12)  ciphertext and tag
An original:   "BsO" version  blob id (16), then records:
               kind (1)  nonce (12)  length (4)  ciphertext and tag
"""

from __future__ import annotations

import os
import struct
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from io import FileIO
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from beside.photos.vault.durable import write_all
from beside.photos.vault.store import Readable

SEGMENT_BYTES = 1 << 20
_SMALL = b"BsB\x01"
_SEGMENTED = b"BsO\x01"
_NONCE_BYTES = 12
_TAG_BYTES = 16
_SMALL_HEADER_BYTES = len(_SMALL) + 16 + _NONCE_BYTES
# How much longer a small blob is than what was sealed in it.
SMALL_MORE_BYTES = _SMALL_HEADER_BYTES + _TAG_BYTES
_RECORD = struct.Struct(">B12sI")
_PLACE = struct.Struct(">BQ")
_END = struct.Struct(">QQ32s")
_PIECE, _LAST = 0, 1
_NO_RECORDS = bytes(32)


class BlobAltered(Exception):
    """A blob differs from what was written under this name: changed, truncated, extended, or another blob."""

    def __init__(self, blob_id: UUID) -> None:
        super().__init__(f"The file of a photograph isn't as it was written ({blob_id}).")


class UploadAltered(Exception):
    """The file of an upload holds less than was confirmed, or doesn't end at a record's end."""

    def __init__(self) -> None:
        super().__init__("This upload can't be resumed. Please send the photograph again.")


@dataclass(frozen=True, slots=True)
class Identity:
    """What a blob is. It can be opened only as that. `role` is "original" or the rendition's name."""

    instance: UUID
    photo: UUID
    blob: UUID
    role: str

    def bound(self, form: bytes) -> bytes:
        """The associated data. The role comes last, as the only part whose length varies."""
        return _bound(form, self.instance.bytes, self.photo.bytes, self.blob.bytes, self.role)


def seal(key: bytes, identity: Identity, data: bytes) -> bytes:
    """Seal `data` as a small blob, ready for the store."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = _blob_cipher(key, identity.blob.bytes).encrypt(nonce, data, identity.bound(_SMALL))
    return b"".join((_SMALL, identity.blob.bytes, nonce, sealed))


def open_sealed(key: bytes, identity: Identity, blob: bytes) -> bytes:
    """The data of a small blob, authenticated as a whole; raises `BlobAltered`."""
    ids = identity.instance.bytes, identity.photo.bytes, identity.blob.bytes
    return open_sealed_as(key, *ids, role=identity.role, data=blob)


def open_sealed_as(
    key: bytes, instance: bytes, photo: bytes, blob: bytes, *, role: str, data: bytes
) -> bytes:
    """The same for delivery, for which each id is the 16 bytes that it already has, and no object."""
    nonce = data[_SMALL_HEADER_BYTES - _NONCE_BYTES : _SMALL_HEADER_BYTES]
    try:
        if not data.startswith(_SMALL + blob):
            raise ValueError
        sealed = memoryview(data)[_SMALL_HEADER_BYTES:]
        bound = _bound(_SMALL, instance, photo, blob, role)
        return _blob_cipher(key, blob).decrypt(nonce, sealed, bound)
    except (InvalidTag, ValueError):
        raise BlobAltered(UUID(bytes=blob)) from None


class SegmentSealer(ABC):
    """Seals an upload as it arrives, so that no plaintext is ever stored.

    What `confirm` has returned for is durable. After an `OSError`, go on with another.
    """

    def write(self, data: bytes) -> None:
        """Add the next bytes of the photograph, any number of them."""
        self._waiting += data
        while len(self._waiting) >= SEGMENT_BYTES:
            self._write_record(_PIECE, bytes(self._waiting[:SEGMENT_BYTES]))
            del self._waiting[:SEGMENT_BYTES]

    def confirm(self) -> int:
        """Make everything written so far durable; returns how many bytes of the photograph that is."""
        if self._waiting:
            self._write_record(_PIECE, bytes(self._waiting))
            self._waiting.clear()
        self._sync()
        return self._received

    def finish(self) -> int:
        """Close the original with a record that seals how long it is; returns its length in bytes."""
        self.confirm()
        self._write_record(_LAST, _END.pack(self._records, self._received, self._chain))
        self._sync_end()
        return self._received

    @abstractmethod
    def remember(self) -> None:
        """Write down in the database what it needs to know of what was confirmed."""

    @abstractmethod
    def close(self) -> None:
        """Let go of it."""

    @abstractmethod
    def _append(self, sealed: bytes) -> None:
        """Add sealed bytes after all others."""

    @abstractmethod
    def _sync(self) -> None:
        """Make durable what was appended."""

    def _sync_end(self) -> None:
        self._sync()

    def _start(self, key: bytes, identity: Identity) -> None:
        self._identity = identity
        self._bound = identity.bound(_SEGMENTED)
        self._cipher = _blob_cipher(key, identity.blob.bytes)
        self._waiting = bytearray()
        self._records = 0
        self._received = 0
        self._chain = _NO_RECORDS

    def _head(self) -> bytes:
        return _SEGMENTED + self._identity.blob.bytes

    def _write_record(self, kind: int, data: bytes) -> None:
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, data, self._bound + _PLACE.pack(kind, self._records))
        self._append(_RECORD.pack(kind, nonce, len(sealed)) + sealed)
        if kind == _PIECE:
            self._count(len(sealed), sealed[-_TAG_BYTES:])

    def _count(self, sealed_bytes: int, tag: bytes) -> None:
        self._records += 1
        self._received += sealed_bytes - _TAG_BYTES
        self._chain = _linked(self._chain, tag)


class SegmentWriter(SegmentSealer):
    """Seals an upload into a file."""

    def __init__(self, file: FileIO, key: bytes, identity: Identity) -> None:
        """Begin a new original in the empty `file`."""
        self._file = file
        self._start(key, identity)
        self._append(self._head())

    @classmethod
    def resume(
        cls, file: FileIO, key: bytes, identity: Identity, *, received_bytes: int
    ) -> SegmentWriter:
        """Continue after the confirmed `received_bytes` of the photograph. Anything after them is cut off.

        Raises `UploadAltered`.
        """
        writer = cls.__new__(cls)
        writer._file = file
        writer._start(key, identity)
        writer._find(received_bytes)
        file.truncate()
        return writer

    def remember(self) -> None:
        """The file says all."""

    def close(self) -> None:
        """Close the file, which ends its lock."""
        self._file.close()

    def _append(self, sealed: bytes) -> None:
        write_all(self._file.fileno(), sealed)

    def _sync(self) -> None:
        os.fsync(self._file.fileno())

    def _find(self, received_bytes: int) -> None:
        """Walk the records up to `received_bytes`, reading only the head and tag of each."""
        self._file.seek(0)
        if self._file.read(len(self._head())) != self._head():
            raise UploadAltered
        while self._received < received_bytes:
            head = self._file.read(_RECORD.size)
            if len(head) < _RECORD.size:
                raise UploadAltered
            kind, _nonce, sealed_bytes = _RECORD.unpack(head)
            self._file.seek(sealed_bytes - _TAG_BYTES, os.SEEK_CUR)
            tag = self._file.read(_TAG_BYTES)
            if kind != _PIECE or len(tag) < _TAG_BYTES:
                raise UploadAltered
            self._count(sealed_bytes, tag)
        if self._received != received_bytes:
            raise UploadAltered


def read_segments(file: Readable, key: bytes, identity: Identity) -> Iterator[bytes]:
    """The original, piece by piece. Only when the iterator has ended is it known to be complete.

    Raises `BlobAltered` at the first piece that was changed, is missing, or shouldn't be there.
    """
    cipher = _blob_cipher(key, identity.blob.bytes)
    bound = identity.bound(_SEGMENTED)
    if _read(file, len(_SEGMENTED) + 16) != _SEGMENTED + identity.blob.bytes:
        raise BlobAltered(identity.blob)
    received, chain, index = 0, _NO_RECORDS, 0
    while True:
        kind, nonce, sealed = _read_record(file, identity)
        try:
            data = cipher.decrypt(nonce, sealed, bound + _PLACE.pack(kind, index))
        except InvalidTag:
            raise BlobAltered(identity.blob) from None
        if kind == _LAST:
            break
        received, index = received + len(data), index + 1
        chain = _linked(chain, sealed[-_TAG_BYTES:])
        # A slow reader would keep it in memory as long as the piece.
        del sealed
        yield data
    if data != _END.pack(index, received, chain) or _read(file, 1):
        raise BlobAltered(identity.blob)


def _bound(form: bytes, instance: bytes, photo: bytes, blob: bytes, role: str) -> bytes:
    return form + instance + photo + blob + role.encode()


def _blob_cipher(key: bytes, blob: bytes) -> AESGCM:
    return AESGCM(blob_key(key, blob))


def blob_key(key: bytes, blob: bytes) -> bytes:
    """The blob's own key: HKDF-Expand (RFC 5869, 2.3) to 32 bytes, of which the first and only block is one HMAC.

    `key` is uniformly random, so HKDF needs no extract step (3.3).
    """
    block = HMAC(key, SHA256())
    block.update(b"beside blob" + blob + b"\x01")
    return block.finalize()


def _linked(chain: bytes, tag: bytes) -> bytes:
    return sha256(chain + tag).digest()


def _read_record(file: Readable, identity: Identity) -> tuple[int, bytes, bytes]:
    head = _read(file, _RECORD.size)
    if len(head) < _RECORD.size:
        raise BlobAltered(identity.blob)
    kind, nonce, sealed_bytes = _RECORD.unpack(head)
    if not _TAG_BYTES <= sealed_bytes <= SEGMENT_BYTES + _TAG_BYTES:
        raise BlobAltered(identity.blob)
    sealed = _read(file, sealed_bytes)
    if kind not in (_PIECE, _LAST) or len(sealed) < sealed_bytes:
        raise BlobAltered(identity.blob)
    return kind, nonce, sealed


def _read(file: Readable, size: int) -> bytes:
    """`size` bytes, or fewer at the end of the file: a single read may return early."""
    data = file.read(size) or b""
    while data and len(data) < size:
        more = file.read(size - len(data))
        if not more:
            break
        data += more
    return data
