"""Blobs as objects in a bucket, `blobs/<id>` each. An object is there whole once it was written, or not at all.

Objects are never changed: what is written again under a name is the same blob. So a request whose answer was
lost is repeated without harm. There are no parts: an upload's pieces are blobs (`original_pieces`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from uuid import UUID

import obstore

from beside.photos.vault.bucket_places import BucketPlace
from beside.photos.vault.buckets import Bucket, answering, bucket_at
from beside.photos.vault.store import BlobMissing, is_lent

_FOLDER = "blobs/"
# More than a piece of an original, with its record's head and tag.
_AT_ONCE = 2 << 20
_LISTED_AT_ONCE = 1000
# S3 takes a thousand, but all of them have no longer than one would have.
_DELETED_AT_ONCE = 200
_ANSWER_COUNTS_S = 5.0


class ObjectStore:
    """Blobs in one bucket, below the prefix that its address names."""

    def __init__(self, place: BucketPlace, *, is_patient: bool = False) -> None:
        self._place = place
        self._bucket = bucket_at(place, is_patient=is_patient)
        self._answered_at: float | None = None

    def put(self, blob_id: UUID, data: bytes) -> None:
        """Store `data`. When this returns, the store has confirmed it. Raises `StoreUnavailable`."""
        with answering(self._place):
            obstore.put(self._bucket, _name(blob_id), data)

    def get(self, blob_id: UUID) -> bytes:
        """The whole blob; raises `BlobMissing` and `StoreUnavailable`."""
        first, size = self.range(blob_id, 0)
        if len(first) == size:
            return first
        parts, received = [first], len(first)
        while received < size:
            part, _size = self.range(blob_id, received)
            parts.append(part)
            received += len(part)
        return b"".join(parts)

    def open(self, blob_id: UUID) -> ObjectReader:
        """The blob, read from the store as it is asked for; raises `BlobMissing` and `StoreUnavailable`."""
        return ObjectReader(lambda start: self.range(blob_id, start))

    def reads_back(self, blob_id: UUID, data: bytes) -> bool:
        """Whether the store gives back `data`; raises `BlobMissing` and `StoreUnavailable`."""
        return self.get(blob_id) == data

    def delete(self, blob_id: UUID) -> None:
        """Delete the blob, if it exists, and the store isn't another's that is only read here."""
        if is_lent(self._place):
            return
        try:
            with answering(self._place, may_lack=True):
                obstore.delete(self._bucket, _name(blob_id))
        except FileNotFoundError:
            return

    def delete_all(self, blob_ids: Sequence[UUID]) -> None:
        """Delete as many, as `delete` does, by few requests where the store knows such a request."""
        if is_lent(self._place):
            return
        for start in range(0, len(blob_ids), _DELETED_AT_ONCE):
            some = blob_ids[start : start + _DELETED_AT_ONCE]
            try:
                with answering(self._place, may_lack=True):
                    obstore.delete(self._bucket, [_name(blob_id) for blob_id in some])
            except FileNotFoundError:
                # One isn't there, and some stores stop at that.
                for blob_id in some:
                    self.delete(blob_id)

    def ids(self, *, after: UUID | None = None) -> Iterator[tuple[UUID, float]]:
        """Every blob above `after`, in order, as the store lists them, and when each was written.

        A store may list late: what was just written may be missing, and what was just deleted still there.
        """
        offset = _name(after) if after else None
        with answering(self._place):
            listed = obstore.list(self._bucket, _FOLDER, offset=offset, chunk_size=_LISTED_AT_ONCE)
            for some in listed:
                for found in some:
                    name = found["path"].removeprefix(_FOLDER)
                    yield UUID(hex=name), found["last_modified"].timestamp()

    def sizes(self) -> Iterator[tuple[UUID, int]]:
        """Every blob, with how many bytes it has."""
        with answering(self._place):
            for some in obstore.list(self._bucket, _FOLDER, chunk_size=_LISTED_AT_ONCE):
                for found in some:
                    yield UUID(hex=found["path"].removeprefix(_FOLDER)), found["size"]

    def delete_part(self, part_id: UUID) -> None:
        """There are no parts."""

    def part_ids(self) -> Iterator[tuple[UUID, float]]:
        """There are none."""
        return iter(())

    def require_there(self) -> None:
        """Raise `StoreUnavailable` unless the bucket answers, or did a few seconds ago. To list it is paid for."""
        if self._answered_at is None or time.monotonic() - self._answered_at > _ANSWER_COUNTS_S:
            next(self.ids(), None)
            self._answered_at = time.monotonic()

    def range(self, blob_id: UUID, start: int) -> tuple[bytes, int]:
        """Some of the blob from `start` on, and how long it is, in one request. A blob is never empty."""
        try:
            with answering(self._place, may_lack=True):
                return ranged(self._bucket, _name(blob_id), start)
        except FileNotFoundError:
            raise BlobMissing(blob_id) from None


class ObjectReader:
    """An object as a file that is read once, from its beginning, a few segments at a time."""

    def __init__(self, range_from: Callable[[int], tuple[bytes, int]]) -> None:
        self._range = range_from
        self._here, self._size = range_from(0)
        self._read = len(self._here)

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes, and none at the end. Raises `BlobMissing` and `StoreUnavailable`."""
        if not self._here and self._read < self._size:
            self._here, self._size = self._range(self._read)
            self._read += len(self._here)
        end = len(self._here) if size < 0 else size
        given, self._here = self._here[:end], self._here[end:]
        return given

    def close(self) -> None:
        """There is nothing to let go of but what was read ahead."""
        self._here, self._read = b"", self._size


def ranged(bucket: Bucket, name: str, start: int) -> tuple[bytes, int]:
    """Some of an object from `start` on, and how long it is, in one request. Raises what obstore does."""
    found = obstore.get(bucket, name, options={"range": (start, start + _AT_ONCE)})
    return bytes(found.bytes()), found.meta["size"]


def _name(blob_id: UUID) -> str:
    return _FOLDER + blob_id.hex
