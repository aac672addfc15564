"""What a backup keeps in a bucket beside sealed photographs: objects with names, below one prefix."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import obstore

from beside.photos.vault.bucket_places import BucketPlace
from beside.photos.vault.buckets import answering, bucket_at
from beside.photos.vault.object_store import ObjectReader, ranged

_AT_ONCE = 1 << 20


class BucketFolder:
    """One such prefix. Each method raises `StoreUnavailable`; an object is there whole, or not at all."""

    def __init__(self, place: BucketPlace) -> None:
        self._place = place
        self._bucket = bucket_at(place, is_patient=True)

    def names(self) -> list[str]:
        """Every object, in order."""
        with answering(self._place):
            found = [one["path"] for some in obstore.list(self._bucket, None) for one in some]
        return sorted(name for name in found if "/" not in name)

    def read(self, name: str) -> bytes | None:
        """What is in it, as a whole; None if it isn't there."""
        try:
            with answering(self._place, may_lack=True):
                return bytes(obstore.get(self._bucket, name).bytes())
        except FileNotFoundError:
            return None

    def open(self, name: str) -> ObjectReader:
        """The object, read as it is asked for. Raises `FileNotFoundError`."""

        def range_from(start: int) -> tuple[bytes, int]:
            with answering(self._place, may_lack=True):
                return ranged(self._bucket, name, start)

        return ObjectReader(range_from)

    def write(self, name: str, data: bytes | Path) -> None:
        """Put `data`, or all of a file, in the place of what was there."""
        with answering(self._place):
            obstore.put(self._bucket, name, data)

    def reads_back(self, name: str, file: Path) -> bool:
        """Whether the object is as `file` is."""
        written, kept = sha256(), sha256()
        with file.open("rb") as source:
            while piece := source.read(_AT_ONCE):
                written.update(piece)
        found = self.open(name)
        while piece := found.read(_AT_ONCE):
            kept.update(piece)
        return written.digest() == kept.digest()

    def delete(self, name: str) -> None:
        """Delete it, if it is there."""
        try:
            with answering(self._place, may_lack=True):
                obstore.delete(self._bucket, name)
        except FileNotFoundError:
            return
