"""What has come of an upload: a file in the data folder that is locked, or pieces in an object store under a lease.

A lease only keeps two nodes from doing the same work. It ends by itself, so that another node goes on where one
died; and should both write after all, the offset in the upload's row decides whose piece counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import FileIO
from typing import Protocol
from uuid import UUID, uuid4

from django.db.models import Q

from beside.people.clocks import MAY_DIFFER
from beside.photos import original_pieces
from beside.photos.models import KeyEpoch, Photo, Upload
from beside.photos.original_pieces import Joined, PieceWriter
from beside.photos.vault import keyring
from beside.photos.vault.folder_store import FolderStore
from beside.photos.vault.sealing import Identity, SegmentSealer, SegmentWriter, UploadAltered
from beside.photos.vault.store import BlobMissing, PartBusy, Readable, store

# Longer than a piece takes, as the store answers within seconds.
LEASE = timedelta(minutes=1)


class Part(Protocol):
    """What has come of an upload, while nobody else should be adding to it."""

    def writer(self, upload: Upload, key: bytes) -> SegmentSealer:
        """Goes on after the last confirmed byte of `upload`, whose row was read since. Raises `UploadAltered`."""


def start(upload: Upload, key: bytes) -> SegmentSealer:
    """A writer for an upload that comes in one request. Close it."""
    kept = store()
    if isinstance(kept, FolderStore):
        part = kept.start_part(upload.photo.original_blob)
        return SegmentWriter(part, key, identity_of(upload))
    return PieceWriter(upload.photo, key, identity_of(upload))


@contextmanager
def writing(upload: Upload, *, at: datetime) -> Iterator[Part]:
    """What has come of `upload`, to add to it. Raises `PartBusy` while another does, and `UploadAltered`."""
    kept = store()
    if isinstance(kept, FolderStore):
        with _open(kept, upload) as part:
            yield _File(part)
        return
    lease = _leased(upload, at=at)
    try:
        yield _Pieces()
    finally:
        mine = Upload.objects.filter(pk=upload.pk, lease=lease)
        mine.update(lease=None, leased_until=None)


@contextmanager
def finishing(upload: Upload) -> Iterator[Part]:
    """The same for a complete upload, which any number of nodes may finish at once."""
    kept = store()
    if isinstance(kept, FolderStore):
        with _open(kept, upload) as part:
            yield _File(part)
    else:
        yield _Pieces()


def is_finished(upload: Upload) -> bool:
    """Whether a crash came after its last byte was sealed and before its rows were updated."""
    try:
        store().open(upload.photo.original_blob).close()
    except BlobMissing:
        return False
    return True


def finish(upload: Upload) -> None:
    """Let what was written to its end be the photograph's original, before any row says so."""
    kept = store()
    if isinstance(kept, FolderStore):
        kept.finish_part(upload.photo.original_blob)


def reading(photo: Photo) -> Readable | None:
    """What has come of a photograph, to check it; None while somebody adds to it. Raises `BlobMissing`."""
    kept = store()
    if not isinstance(kept, FolderStore):
        return Joined(kept, original_pieces.ids_of([photo.pk]))
    try:
        return kept.open_part(photo.original_blob)
    except PartBusy:
        return None


def identity_of(upload: Upload) -> Identity:
    """The identity that the original of this upload is sealed as."""
    ring = keyring.keyring_of(KeyEpoch.objects.get().instance)
    return ring.identity(upload.photo_id, upload.photo.original_blob, "original")


class _File:
    """A file in the data folder, locked."""

    def __init__(self, part: FileIO) -> None:
        self._part = part

    def writer(self, upload: Upload, key: bytes) -> SegmentSealer:
        """If no byte is confirmed, the file starts again."""
        if upload.received_bytes == 0:
            self._part.truncate(0)
            return SegmentWriter(self._part, key, identity_of(upload))
        received = upload.received_bytes
        return SegmentWriter.resume(self._part, key, identity_of(upload), received_bytes=received)


class _Pieces:
    """Pieces in an object store."""

    def writer(self, upload: Upload, key: bytes) -> SegmentSealer:
        writer = PieceWriter(upload.photo, key, identity_of(upload))
        if writer.received != upload.received_bytes:
            raise UploadAltered
        return writer


def _leased(upload: Upload, *, at: datetime) -> UUID:
    """A lease that ends later than any made now, on any machine, comes from a wrong clock, and is ignored."""
    held = Q(leased_until__gt=at, leased_until__lte=at + LEASE + MAY_DIFFER)
    lease = uuid4()
    free = Upload.objects.filter(pk=upload.pk).exclude(held)
    if not free.update(lease=lease, leased_until=at + LEASE) and _is_there(upload):
        raise PartBusy
    return lease


def _is_there(upload: Upload) -> bool:
    """Whether it hasn't arrived or been stopped meanwhile, which whoever reads its row finds out."""
    return Upload.objects.filter(pk=upload.pk).exists()


def _open(kept: FolderStore, upload: Upload) -> FileIO:
    try:
        return kept.open_part(upload.photo.original_blob)
    except BlobMissing:
        if upload.received_bytes:
            raise UploadAltered from None
    try:
        return kept.start_part(upload.photo.original_blob)
    except FileExistsError:
        raise PartBusy from None
