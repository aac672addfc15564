"""Originals in an object store: pieces, each a sealed blob of its own, and rows that say which and in what order.

Together, and with the end that lies under the original's own id, they are the same bytes that a file in the
data folder would be. Nothing is copied when an upload is finished. A piece that no row names is noise, and swept.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID, uuid4

from beside.photos.models import OriginalPiece, Photo
from beside.photos.vault.sealing import SEGMENT_BYTES, Identity, SegmentSealer
from beside.photos.vault.store import Readable, Reading, store


class PieceWriter(SegmentSealer):
    """Seals an upload into pieces. A piece is whole in the store before `remember` makes its row."""

    def __init__(self, photo: Photo, key: bytes, identity: Identity) -> None:
        """Go on after the last piece of `photo` that has a row, or begin."""
        self._photo, self._store = photo, store()
        self._sealed = bytearray()
        self._made: list[OriginalPiece] = []
        self._start(key, identity)
        last = OriginalPiece.objects.filter(photo=photo).order_by("number").last()
        self._number = last.number + 1 if last else 0
        if last is None:
            self._append(self._head())
        else:
            self._records, self._received = last.records, last.received_bytes
            self._chain = bytes(last.chain)

    @property
    def received(self) -> int:
        """How many bytes of the photograph came before."""
        return self._received

    def write(self, data: bytes) -> None:
        """Add the next bytes. What is full goes to the store."""
        super().write(data)
        if len(self._sealed) >= SEGMENT_BYTES:
            self._sync()

    def remember(self) -> None:
        """Make the rows of the pieces that were stored. The database lets each number be taken once."""
        OriginalPiece.objects.bulk_create(self._made)
        self._made = []

    def close(self) -> None:
        """There is nothing to let go of."""

    def _append(self, sealed: bytes) -> None:
        self._sealed += sealed

    def _sync(self) -> None:
        if not self._records or not self._sealed:
            return
        piece = OriginalPiece(
            pk=uuid4(),
            photo=self._photo,
            number=self._number,
            records=self._records,
            received_bytes=self._received,
            chain=self._chain,
        )
        self._store.put(piece.pk, bytes(self._sealed))
        self._made.append(piece)
        self._number += 1
        self._sealed.clear()

    def _sync_end(self) -> None:
        self.remember()
        self._store.put(self._identity.blob, bytes(self._sealed))
        self._sealed.clear()


class Joined:
    """Blobs as one file, read one after another."""

    def __init__(self, blobs: Reading, ids: Iterable[UUID], *, end: bytes = b"") -> None:
        self._blobs, self._ids, self._end = blobs, list(ids), end
        self._here = b""

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes, and none at the end. Raises `BlobMissing`, and `OSError` if the store refuses."""
        if not self._here:
            if self._ids:
                self._here = self._blobs.get(self._ids.pop(0))
            else:
                self._here, self._end = self._end, b""
        end = len(self._here) if size < 0 else size
        given, self._here = self._here[:end], self._here[end:]
        return given

    def close(self) -> None:
        """Let go of what is left."""
        self._ids, self._here, self._end = [], b"", b""


def open_original(photo: Photo) -> Readable:
    """The sealed original, however it is stored. Raises `BlobMissing`."""
    if pieces := ids_of([photo.pk]):
        return Joined(store(), pieces, end=store().get(photo.original_blob))
    return store().open(photo.original_blob)


def ids_of(photo_ids: Iterable[UUID]) -> list[UUID]:
    """The blobs of these photographs' pieces; those of one photograph in their order."""
    pieces = OriginalPiece.objects.filter(photo__in=photo_ids).order_by("photo", "number")
    return list(pieces.values_list("pk", flat=True))
