"""Developing what has arrived: one photograph at a time, from its sealed original to its sealed renditions.

The rows are the queue. A worker takes one by a lease; whoever dies with it leaves it to the next. Plain
pixels are only ever in memory: the original goes to the darkroom through a pipe, and what comes back is
sealed before it is written.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F, QuerySet

from beside.notices import notices
from beside.notices.models import Notice
from beside.photos.intake import Developed, Limits, Refusal, Refused, develop
from beside.photos.intake.darkrooms import NoDarkroom
from beside.photos.models import Hold, KeyEpoch, Photo, Rendition
from beside.photos.originals import pieces_of
from beside.photos.vault import keyring
from beside.photos.vault.destroying import destroy
from beside.photos.vault.keyring import KeyDestroyed
from beside.photos.vault.sealing import BlobAltered, seal
from beside.photos.vault.store import BlobMissing, FolderStore

log = logging.getLogger(__name__)

# Longer than a darkroom is ever given (a minute, and ten seconds of grace) and the writing after it.
LEASE = timedelta(minutes=3)
# How long a photograph waits whose disk, database or darkroom couldn't serve it.
PAUSE = timedelta(seconds=30)
ATTEMPTS = 3


def develop_next(at: datetime) -> bool:
    """Develop one photograph that waits; returns whether there was one.

    It ends as READY, or as REFUSED with its uploader told. What this machine can't do at the
    moment is no fault of the photograph's: it waits, and `NoDarkroom`, `OSError` or
    `DatabaseError` goes up.
    """
    photo = _claim(at)
    if photo is None:
        return False
    try:
        _try(photo, at=at)
    except KeyDestroyed:
        # Its holders let go of it while it waited: nothing is left to develop.
        log.info("%s was let go of before it was developed", photo)
    except Refused as refused:
        _refuse(photo, refused.refusal, at=at)
    except (NoDarkroom, OSError, DatabaseError, BlobMissing, BlobAltered) as wrong:
        _give_back(photo, until=at + PAUSE)
        if isinstance(wrong, BlobMissing | BlobAltered):
            log.exception("an original can't be read; run: beside verify")
        else:
            raise
    return True


def try_again(photo: Photo) -> None:
    """Put a photograph that was given up, and whose original is kept, at the end of the queue again."""
    kept = Photo.objects.filter(
        pk=photo.pk, state=Photo.State.REFUSED, holds__kind=Hold.Kind.ORIGINAL
    )
    kept.update(state=Photo.State.RECEIVED, refusal="", attempts=0, leased_until=None)


def _claim(at: datetime) -> Photo | None:
    """Those that took a worker with them stand behind all others."""
    waiting = Photo.objects.filter(state=Photo.State.RECEIVED).exclude(leased_until__gt=at)
    for photo in waiting.order_by("attempts", "uploaded_at", "pk")[:8]:
        mine = waiting.filter(pk=photo.pk, attempts=photo.attempts)
        if mine.update(leased_until=at + LEASE, attempts=F("attempts") + 1):
            photo.attempts += 1
            return photo
    return None


def _try(photo: Photo, *, at: datetime) -> None:
    if photo.attempts > ATTEMPTS:
        # No verdict on it, only on us: so its original stays, and it can be tried again.
        _mark_refused(photo, Refusal.TOO_HARD, at=at)
        return
    shown_key = keyring.shown_key_or_new(photo.pk)
    limits = Limits(
        max_bytes=settings.BESIDE.upload_max_bytes, max_pixels=settings.BESIDE.upload_max_pixels
    )
    with closing(pieces_of(photo)) as pieces:
        developed = develop(_Reader(pieces).read, limits=limits)
    _keep(photo, developed, shown_key, until=at + PAUSE)


def _keep(photo: Photo, developed: Developed, key: bytes, *, until: datetime) -> None:
    """Every file is on disk for good before a row names it."""
    ring = keyring.keyring_of(KeyEpoch.objects.get().instance)
    store = FolderStore(settings.BESIDE.data)
    renditions = []
    for made in developed.renditions:
        rendition = Rendition(
            photo=photo,
            name=made.name,
            media_type=made.media_type,
            width=made.width,
            height=made.height,
        )
        sealed = seal(key, ring.identity(photo.pk, rendition.pk, made.name), made.data)
        rendition.stored_bytes = len(sealed)
        store.put(rendition.pk, sealed)
        renditions.append(rendition)
    with transaction.atomic():
        keyring.lock_epoch()  # No key may end between this look at it and the commit.
        if _is_still(photo, key):
            _show(photo, developed, renditions)
        else:
            _give_back(photo, until=until)


def _is_still(photo: Photo, key: bytes) -> bool:
    """Whether nobody took it back, and no other worker took it over, while it was in the darkroom."""
    try:
        same_key = keyring.shown_key(photo.pk) == key
    except KeyDestroyed:
        return False
    return same_key and _mine(photo).exists()


def _show(photo: Photo, developed: Developed, renditions: list[Rendition]) -> None:
    Rendition.objects.filter(photo=photo).delete()
    Rendition.objects.bulk_create(renditions)
    _mine(photo).update(
        state=Photo.State.READY,
        kind=developed.kind,
        width=developed.width,
        height=developed.height,
        notice=developed.notice.value if developed.notice else "",
        leased_until=None,
        attempts=0,
    )


def _mine(photo: Photo) -> QuerySet[Photo]:
    return Photo.objects.filter(pk=photo.pk, state=Photo.State.RECEIVED, attempts=photo.attempts)


def _give_back(photo: Photo, *, until: datetime) -> None:
    _mine(photo).update(attempts=photo.attempts - 1, leased_until=until)


@transaction.atomic
def _refuse(photo: Photo, refusal: Refusal, *, at: datetime) -> None:
    """Nothing is kept of what is no photograph; but one that was here before is never let go of."""
    if photo.width is None:
        destroy(Hold.objects.filter(photo=photo), at=at)
    _mark_refused(photo, refusal, at=at)


def _mark_refused(photo: Photo, refusal: Refusal, *, at: datetime) -> None:
    _mine(photo).update(
        state=Photo.State.REFUSED, refusal=refusal.value, leased_until=None, attempts=0
    )
    notices.tell(photo.uploader_id, Notice.Kind.UPLOAD_REFUSED, about=photo.pk, at=at)


class _Reader:
    """Pieces of any length, read as many bytes at a time as are asked for."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def read(self, size: int) -> bytes:
        if not self._rest:
            self._rest = next(self._pieces, b"")
        given, self._rest = self._rest[:size], self._rest[size:]
        return given
