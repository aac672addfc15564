"""Where sealed files are kept, whichever kind of place that is. Each has a random name, and never changes.

`store()` gives the one that the settings name. Everything else in the program asks it for a `Store`.
"""

from __future__ import annotations

import errno
from collections.abc import Container, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from beside.photos.vault.bucket_places import BucketPlace


class BlobMissing(Exception):
    """A blob that should be there is missing."""

    def __init__(self, blob_id: UUID) -> None:
        super().__init__(f"The file of a photograph is not in the store ({blob_id}).")


class PartBusy(Exception):
    """Another request is still writing to the same upload."""

    def __init__(self) -> None:
        super().__init__(
            "This photograph is still arriving in another window. Please wait a moment."
        )


class StoreUnavailable(OSError):
    """The object store refuses, or doesn't answer in time."""

    def __init__(self, place: str) -> None:
        super().__init__(errno.EIO, f"The object store at {place} refuses, or doesn't answer.")

    def __str__(self) -> str:
        return str(self.strerror)


class Readable(Protocol):
    """A blob that was opened, to be read from its beginning."""

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes, and none at the end."""

    def close(self) -> None:
        """Let go of it. Twice is harmless."""


class Reading(Protocol):
    """A store as far as blobs are read from it. A store that refuses or doesn't answer raises an `OSError`."""

    def get(self, blob_id: UUID) -> bytes:
        """The whole blob; raises `BlobMissing`."""

    def open(self, blob_id: UUID) -> Readable:
        """The blob, for reading an original piece by piece; raises `BlobMissing`."""


class Store(Reading, Protocol):
    """Sealed files under random ids. Every method may be called by many threads at once.

    A store that refuses or doesn't answer raises an `OSError`, and nothing has been confirmed.
    """

    def put(self, blob_id: UUID, data: bytes) -> None:
        """Store `data`. When this returns, it survives a power cut; before that, it is there whole or not at all."""

    def reads_back(self, blob_id: UUID, data: bytes) -> bool:
        """Whether the blob is `data`, as it is kept and not as somebody remembers having written it; raises `BlobMissing`."""

    def delete(self, blob_id: UUID) -> None:
        """Delete the blob, if it exists. Without its key it is noise, and the sweeper tries again."""

    def delete_all(self, blob_ids: Sequence[UUID]) -> None:
        """Delete as many, as `delete` does; somebody waits for that on a page."""

    def ids(self, *, after: UUID | None = None) -> Iterator[tuple[UUID, float]]:
        """Every blob above `after`, in order, with the time it was written (seconds since 1970)."""

    def sizes(self) -> Iterator[tuple[UUID, int]]:
        """Every blob, with how many bytes it has."""

    def delete_part(self, part_id: UUID) -> None:
        """Delete what is left of an upload's or a blob's writing, if there is anything."""

    def require_there(self) -> None:
        """Raise an `OSError` unless the store can be read."""

    def part_ids(self) -> Iterator[tuple[UUID, float]]:
        """Every upload's file and half-written blob, with the time of its last write (seconds since 1970)."""


def has_blob(kept: Reading, blob_id: UUID) -> bool:
    """Whether the blob is there, asked for by its name: a store may list late."""
    try:
        kept.open(blob_id).close()
    except BlobMissing:
        return False
    return True


def is_anothers(kept: Store, *, ours: Container[UUID]) -> bool:
    """Whether blobs are there, and none of `ours` among them."""
    found = (blob_id for blob_id, _ in kept.ids())
    first = next(found, None)
    return first is not None and first not in ours and not any(blob_id in ours for blob_id in found)


_lent: set[str] = set()


def lend(place: BucketPlace) -> None:
    """From now on this process deletes nothing in `place`: it is a backup, and only stands in for a store."""
    _lent.add(place.url)


def is_lent(place: BucketPlace) -> bool:
    """Whether that was said."""
    return place.url in _lent


def store() -> Store:
    """This place's store."""
    return store_at(settings.BESIDE.store_place)


@lru_cache(maxsize=8)
def store_at(place: BucketPlace | Path, *, is_patient: bool = False) -> Store:
    """The store at `place`. Nothing is read yet.

    `is_patient` is for whoever copies much and has nobody waiting: a slow line to a bucket isn't one that is away.
    """
    if isinstance(place, Path):
        made: Store = import_string("beside.photos.vault.folder_store.FolderStore")(place)
    else:
        kind = import_string("beside.photos.vault.object_store.ObjectStore")
        made = kind(place, is_patient=is_patient)
    return made
