"""Receiving a photograph's bytes: sealed before they reach the disk, and on the disk before they are confirmed.

A crash between any two steps leaves at least as much in the store as the row says, because the row is updated only
once that is durable. Anything more is cut off when the upload resumes. No lock is held while a phone sends nothing, so
a phone whose connection has stalled can resume over another one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from beside.people import names
from beside.people.clocks import MAY_DIFFER
from beside.people.models import Account
from beside.photos import hidden, parts, removal
from beside.photos.broken_rows import all_that_can, going_on
from beside.photos.disk_full import adding, kindly, with_reserve
from beside.photos.duplicates import digest_of
from beside.photos.models import Hold, Photo, Upload
from beside.photos.quota import require_room, require_room_in_place
from beside.photos.vault import keyring
from beside.photos.vault.destroying import drop
from beside.photos.vault.sealing import SEGMENT_BYTES, UploadAltered
from beside.photos.vault.store import PartBusy, store

Read = Callable[[int], bytes]
_A_ROUND = 500
_ANY = Q()
# A worker that runs sees within minutes that an upload's term is over.
_SEEN_WITHIN = timedelta(days=1)


class OffsetElsewhere(Exception):
    """The client sent bytes from another offset than the next one, which is `received`."""

    def __init__(self, received: int) -> None:
        super().__init__(_("Part of this photograph has come already. It goes on from there."))
        self.received = received


class NoSuchUpload(Exception):
    """This person has no upload with this id."""


class Progress(NamedTuple):
    """How many bytes of a photograph have been stored, and how many it has."""

    received: int
    total: int


@adding()
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
    """Create the rows and keys for a photograph of `total_bytes`. Nothing is on disk yet.

    The upload's id is the photograph's. `closed` hides it from its uploader from the start.
    `content_hash` is its `ContentHash` as the browser says it. Raises `EmptyFile`, `TooLarge`,
    `TooManyOpen`, `NoRoom`, `PlaceBusy`, and what `disk_full.adding` does.
    """
    # One at a time for each person, or two that begin together would both take the last room.
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    require_room(account, total_bytes)
    photo = Photo.objects.create(
        uploader=account,
        uploaded_at=at,
        name_on_phone=names.of_file(name_on_phone),
        content_digest=content_hash and digest_of(content_hash, owner=account.pk),
    )
    keyring.keys_for_new(photo, holder=account)
    require_room_in_place(total_bytes)
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
    """How much of a photograph of `by` has been stored, also after it arrived. Raises `NoSuchUpload`.

    If all of it is here and a crash prevented `close`, it is closed now.
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
    """Store the bytes from `offset` on that `read` returns, until it returns none or the photograph is complete.

    Returns how many bytes of it are stored; they survive a power cut. When the connection breaks, what had
    arrived is kept. Raises `OffsetElsewhere`, `NoSuchUpload`, `PartBusy`, `UploadAltered`, and what
    `disk_full.adding` raises if the disk refuses.
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
    """Turn a complete upload into a photograph that has arrived. Calling it again after a crash is harmless."""
    upload = Upload.objects.select_related("photo").filter(pk=upload_id).first()
    if upload is None or upload.received_bytes < upload.total_bytes:
        return
    key = keyring.original_key(upload.photo_id)
    with kindly():
        if parts.is_finished(upload):
            store().delete_part(upload.photo.original_blob)
            arrive(upload, upload.total_bytes)
            return
        try:
            with parts.finishing(upload) as part:
                # Another request that closed it meanwhile held the file's lock until the row was deleted.
                if Upload.objects.filter(pk=upload_id).exists():
                    part.writer(upload, key).finish()
                    arrive(upload, upload.total_bytes)
        except UploadAltered:
            # Nor is there a file to lock any more where it had been closed by then.
            if Upload.objects.filter(pk=upload_id).exists() and not parts.is_finished(upload):
                raise


@with_reserve
def stop(upload: Upload, *, at: datetime) -> None:
    """Delete what was received of an upload, its keys and its rows."""
    _end([upload], at=at)


@with_reserve
def expire(at: datetime) -> None:
    """End uploads that nobody has resumed for days, and close those whose closing was cut off.

    One that can't be is logged, and left: it ends with its term. The worker calls this every few minutes; twice is harmless. A term that is later than any given now, or that
    ended long before the worker saw it, comes from a clock that was wrong or a server that was off: such an
    upload gets a new term.
    """
    for upload_id in Upload.objects.filter(received_bytes=F("total_bytes")).values_list("pk"):
        # A request that is just closing it is at it.
        with going_on("an upload that is complete could not be closed"), suppress(PartBusy):
            close(upload_id[0])
    missed = Q(expires_at__lte=at - _SEEN_WITHIN) | Q(expires_at__gt=_expiry(at) + MAY_DIFFER)
    Upload.objects.filter(missed).update(expires_at=_expiry(at))
    over = Q(expires_at__lte=at)
    old = list(Upload.objects.filter(over).order_by("expires_at", "pk")[:_A_ROUND])
    all_that_can(
        old, partial(_end, only=over, at=at), "uploads whose term is over could not be ended"
    )


@with_reserve
@transaction.atomic
def discard(photos: list[Photo], *, at: datetime) -> None:
    """Destroy photographs that came with a request that turned out not to be the person's own."""
    ids = [photo.pk for photo in photos]
    drop(Hold.objects.filter(photo__in=ids), at=at)
    removal.delete_unheld(ids)


def _piece(read: Read, size: int) -> bytes:
    """`size` bytes, or fewer at the end. A broken connection counts as the end."""
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
    with adding(), parts.writing(_at(upload_id, offset), at=at) as part:
        # The row is read once more, as nobody else adds to the part now.
        writer = part.writer(_at(upload_id, offset), key)
        writer.write(piece)
        received = writer.confirm()
        with transaction.atomic():
            row = Upload.objects.filter(pk=upload_id, received_bytes=offset)
            if not row.update(received_bytes=received, expires_at=_expiry(at)):
                _at(upload_id, offset)  # Another node was quicker, after this one's lease.
                raise NoSuchUpload
            writer.remember()
    return received


def _at(upload_id: UUID, offset: int) -> Upload:
    upload = Upload.objects.select_related("photo").filter(pk=upload_id).first()
    if upload is None:
        raise NoSuchUpload
    if upload.received_bytes != offset:
        raise OffsetElsewhere(upload.received_bytes)
    return upload


def arrive(upload: Upload, size: int) -> None:
    """Finish the file, then update its rows: a row never names a file that doesn't exist."""
    parts.finish(upload)
    with transaction.atomic():
        # The upload's row first, as whoever ends an upload locks that.
        Upload.objects.filter(pk=upload.pk).delete()
        row = Photo.objects.filter(pk=upload.photo_id, state=Photo.State.RECEIVING)
        row.update(state=Photo.State.RECEIVED, original_bytes=size)


def _end(uploads: Sequence[Upload], *, only: Q = _ANY, at: datetime) -> None:
    """Delete keys and rows in one transaction, and then the files: of those that are still `only`, once nobody can change them."""
    photos = [upload.photo_id for upload in uploads]
    with transaction.atomic():
        # One that has arrived in the meantime is not ended.
        waiting = Upload.objects.select_for_update().filter(only, photo__in=photos).order_by("pk")
        photos = list(waiting.values_list("photo_id", flat=True))
        drop(Hold.objects.filter(photo__in=photos), at=at)
        Upload.objects.filter(photo__in=photos).delete()
        receiving = Photo.objects.filter(pk__in=photos, state=Photo.State.RECEIVING)
        removal.delete_photographs(receiving)


def _expiry(at: datetime) -> datetime:
    return at + timedelta(days=settings.BESIDE.upload_days)
