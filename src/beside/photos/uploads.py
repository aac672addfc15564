"""Taking a photograph's bytes in as they come: sealed before they touch the disk, safe before they are confirmed.

Between any two steps a crash leaves the part on disk ahead of its row, or equal to it, never behind: the row
moves only after `fsync`, and what lies behind it is cut off when the upload goes on. No lock is held while a
phone is silent, so a stalled line never stops the same phone from going on by another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from io import FileIO
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from beside.people.models import Account
from beside.photos import hidden
from beside.photos.disk_full import kindly, with_reserve
from beside.photos.duplicates import digest_of
from beside.photos.file_names import shown_name
from beside.photos.models import Hold, KeyEpoch, Photo, Upload
from beside.photos.quota import require_room
from beside.photos.vault import keyring
from beside.photos.vault.destroying import destroy
from beside.photos.vault.sealing import (
    SEGMENT_BYTES,
    Identity,
    SegmentWriter,
    UploadAltered,
)
from beside.photos.vault.store import BlobMissing, FolderStore, PartBusy

Read = Callable[[int], bytes]
_A_ROUND = 500
# A worker that runs sees within minutes that an upload's term is over.
_SEEN_WITHIN = timedelta(days=1)


class OffsetElsewhere(Exception):
    """The next byte that is wanted is another one: `received` says which."""

    def __init__(self, received: int) -> None:
        super().__init__(_("Part of this photograph has come already. It goes on from there."))
        self.received = received


class NoSuchUpload(Exception):
    """Nothing with this id is on its way for this person."""


class Progress(NamedTuple):
    """How many bytes of a photograph are safe here, and how many there will be."""

    received: int
    total: int


@kindly()
@transaction.atomic
def begin(
    account: Account,
    total_bytes: int,
    *,
    name_on_phone: str = "",
    closed: bool = False,
    content_hash: bytes | None = None,
    at: datetime,
) -> Upload:
    """Expect a photograph of so many bytes; it has its keys, and nothing on disk yet.

    The upload's id is the photograph's. `closed` hides it from its uploader from the start.
    `content_hash` is its `ContentHash` as the browser says it. Raises `EmptyFile`, `TooLarge`, `TooManyOpen`, `NoRoom`.
    """
    # One at a time for each person, or two that begin together would both take the last room.
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    require_room(account, total_bytes)
    photo = Photo.objects.create(
        uploader=account,
        uploaded_at=at,
        name_on_phone=shown_name(name_on_phone),
        content_digest=content_hash and digest_of(content_hash, owner=account.pk),
    )
    keyring.keys_for_new(photo, holder=account)
    if closed:
        hidden.hold(photo, account=account, at=at)
    return Upload.objects.create(
        pk=photo.pk,
        photo=photo,
        account=account,
        total_bytes=total_bytes,
        began_at=at,
        expires_at=_expiry(at),
    )


def progress(upload_id: UUID, *, by: Account) -> Progress:
    """How far a photograph of `by` has come, also when it has long arrived. Raises `NoSuchUpload`.

    One whose last byte is here and whose closing was cut off is closed now.
    """
    upload = Upload.objects.filter(pk=upload_id, account=by).first()
    if upload is None:
        arrived = Photo.objects.filter(pk=upload_id, uploader=by)
        size = arrived.exclude(state=Photo.State.RECEIVING).values_list("original_bytes").first()
        if size is None:
            raise NoSuchUpload
        return Progress(size[0], size[0])
    if upload.received_bytes == upload.total_bytes:
        close(upload.pk)
    return Progress(upload.received_bytes, upload.total_bytes)


def receive(upload: Upload, read: Read, *, offset: int, at: datetime) -> int:
    """Take the bytes from `offset` on that `read` gives, until it is empty or the photograph is whole.

    Returns how many bytes of it are safe now; these survive a power cut. A line that breaks
    costs nothing that came through it. Raises `OffsetElsewhere`, `NoSuchUpload`, `PartBusy`,
    `UploadAltered`, and what `disk_full.kindly` raises where the disk refuses.
    """
    received = _at(upload.pk, offset).received_bytes
    key = keyring.original_key(upload.photo_id)
    while received < upload.total_bytes:
        piece = _piece(read, min(SEGMENT_BYTES, upload.total_bytes - received))
        if not piece:
            break
        received = _keep(upload.pk, piece, offset=received, key=key, at=at)
    if received == upload.total_bytes:
        close(upload.pk)
    return received


def close(upload_id: UUID) -> None:
    """Make a photograph whose every byte is here one that has arrived. Again after a crash is harmless."""
    upload = Upload.objects.select_related("photo").filter(pk=upload_id).first()
    if upload is None or upload.received_bytes < upload.total_bytes:
        return
    key = keyring.original_key(upload.photo_id)
    with kindly():
        if _has_become_a_blob(upload):
            store().delete_part(upload.photo.original_blob)
            arrive(upload, upload.total_bytes)
            return
        with _open_part(upload) as part:
            # Whoever closed it meanwhile held this lock until the row was gone.
            if Upload.objects.filter(pk=upload_id).exists():
                _writer(part, upload, key).finish()
                arrive(upload, upload.total_bytes)


@with_reserve
def stop(upload: Upload, *, at: datetime) -> None:
    """Leave nothing of an upload: neither what came, nor its keys, nor its rows."""
    _end([upload], at=at)


@with_reserve
def expire(at: datetime) -> None:
    """End uploads that nobody has resumed for days, and close those whose closing was cut off.

    The worker calls this every few minutes; twice is harmless. A term that is later than any given now, or that
    ended long before the worker saw it, comes from a clock that was wrong or a server that was off: such an
    upload gets a new term.
    """
    for upload_id in Upload.objects.filter(received_bytes=F("total_bytes")).values_list("pk"):
        close(upload_id[0])
    missed = Q(expires_at__lte=at - _SEEN_WITHIN) | Q(expires_at__gt=_expiry(at))
    Upload.objects.filter(missed).update(expires_at=_expiry(at))
    old = Upload.objects.filter(expires_at__lte=at).select_related("photo")
    _end(list(old[:_A_ROUND]), at=at)


@with_reserve
@transaction.atomic
def let_go(photos: list[Photo], *, at: datetime) -> None:
    """Leave nothing of photographs that have come with something that turned out not to be meant."""
    ids = [photo.pk for photo in photos]
    destroy(Hold.objects.filter(photo__in=ids), at=at)
    Photo.objects.filter(pk__in=ids, holds=None).delete()


def _piece(read: Read, size: int) -> bytes:
    """`size` bytes, fewer only where they end. A broken line ends them like any other end."""
    piece = bytearray()
    while len(piece) < size:
        try:
            more = read(size - len(piece))
        except OSError:
            break
        if not more:
            break
        piece += more
    return bytes(piece)


def _keep(upload_id: UUID, piece: bytes, *, offset: int, key: bytes, at: datetime) -> int:
    with kindly(), _part(upload_id, offset=offset) as (upload, part):
        writer = _writer(part, upload, key)
        writer.write(piece)
        received = writer.confirm()
        row = Upload.objects.filter(pk=upload_id, received_bytes=offset)
        if not row.update(received_bytes=received, expires_at=_expiry(at)):
            raise NoSuchUpload
    return received


@contextmanager
def _part(upload_id: UUID, *, offset: int) -> Iterator[tuple[Upload, FileIO]]:
    """The upload's part, locked, and its row as it is under that lock."""
    with _open_part(_at(upload_id, offset)) as part:
        yield _at(upload_id, offset), part


def _at(upload_id: UUID, offset: int) -> Upload:
    upload = Upload.objects.select_related("photo").filter(pk=upload_id).first()
    if upload is None:
        raise NoSuchUpload
    if upload.received_bytes != offset:
        raise OffsetElsewhere(upload.received_bytes)
    return upload


def _open_part(upload: Upload) -> FileIO:
    try:
        return store().open_part(upload.photo.original_blob)
    except BlobMissing:
        if upload.received_bytes:
            raise UploadAltered from None
    try:
        return store().start_part(upload.photo.original_blob)
    except FileExistsError:
        raise PartBusy from None


def _has_become_a_blob(upload: Upload) -> bool:
    """A crash between the file's last step and its rows leaves it so."""
    try:
        store().open(upload.photo.original_blob).close()
    except BlobMissing:
        return False
    return True


def _writer(part: FileIO, upload: Upload, key: bytes) -> SegmentWriter:
    """The writer at the last confirmed byte; before the first one, whatever lies there is begun anew."""
    if upload.received_bytes == 0:
        part.truncate(0)
        return SegmentWriter(part, key, identity_of(upload))
    return SegmentWriter.resume(
        part, key, identity_of(upload), received_bytes=upload.received_bytes
    )


def arrive(upload: Upload, size: int) -> None:
    """The file first, its rows then: a row never names a file that isn't there."""
    store().finish_part(upload.photo.original_blob)
    with transaction.atomic():
        row = Photo.objects.filter(pk=upload.photo_id, state=Photo.State.RECEIVING)
        row.update(state=Photo.State.RECEIVED, original_bytes=size)
        Upload.objects.filter(pk=upload.pk).delete()


def _end(uploads: list[Upload], *, at: datetime) -> None:
    """Keys and rows in one transaction; a part that a crash leaves behind is noise, and swept."""
    blobs = [upload.photo.original_blob for upload in uploads]
    photos = [upload.photo_id for upload in uploads]
    with transaction.atomic():
        # One that has arrived since is no longer ours to end.
        photos = list(Upload.objects.filter(photo__in=photos).values_list("photo_id", flat=True))
        destroy(Hold.objects.filter(photo__in=photos), at=at)
        Upload.objects.filter(photo__in=photos).delete()
        Photo.objects.filter(pk__in=photos, state=Photo.State.RECEIVING).delete()
    for blob_id in blobs:
        store().delete_part(blob_id)


def identity_of(upload: Upload) -> Identity:
    """What the original that is on its way will be."""
    ring = keyring.keyring_of(KeyEpoch.objects.get().instance)
    return ring.identity(upload.photo_id, upload.photo.original_blob, "original")


def _expiry(at: datetime) -> datetime:
    return at + timedelta(days=settings.BESIDE.upload_days)


def store() -> FolderStore:
    """Where parts and blobs lie."""
    return _store(settings.BESIDE.data)


@lru_cache(maxsize=8)
def _store(folder: Path) -> FolderStore:
    return FolderStore(folder)
