"""Developing photographs that have arrived, one at a time: making sealed renditions from the sealed original.

The rows are the queue. A worker takes a photograph by a lease, and another worker takes it over when the
lease runs out. Plain pixels are only ever in memory: the original goes to the darkroom through a socket,
and its renditions are sealed before they are written.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from beside.notices import notices
from beside.notices.models import Notice
from beside.people.clocks import MAY_DIFFER
from beside.people.models import Account
from beside.photos import original_pieces, refusers, removal
from beside.photos.disk_full import has_room_to_add, with_reserve
from beside.photos.duplicates import HashedFile, digest_of
from beside.photos.intake import KEPT, Developed, Limits, Refusal, Refused, develop
from beside.photos.intake.darkrooms import NoDarkroom
from beside.photos.intake.version import version
from beside.photos.models import Hold, KeyEpoch, Photo, Rendition
from beside.photos.originals import pieces_of
from beside.photos.vault import keyring
from beside.photos.vault.destroying import drop
from beside.photos.vault.epoch import NoSuchEpoch, OtherRoot
from beside.photos.vault.keyring import KeyDestroyed
from beside.photos.vault.sealing import BlobAltered, seal
from beside.photos.vault.store import BlobMissing, store
from beside.photos.vault.wrapping import KeyDoesNotOpen

log = logging.getLogger(__name__)

# Longer than a darkroom is ever given (two minutes, and ten seconds of grace) and the writing after it, by any machine's clock.
LEASE = timedelta(minutes=3) + MAY_DIFFER
# How long a photograph waits after the disk, the database or the darkroom failed.
PAUSE = timedelta(seconds=30)
ATTEMPTS = 3


def develop_next(at: datetime) -> bool:
    """Develop the next photograph in the queue; returns whether there was one.

    It becomes READY, or REFUSED, and then its uploader is told. A failure of this machine, the database, the store or
    the keyring isn't counted as an attempt: the photograph waits, and what failed is raised. All wait while the disk is full.
    """
    photo = _claim(at) if has_room_to_add() else None
    if photo is None:
        return False
    with _given_back_if_it_fails(photo, at=at):
        try:
            _try(photo, at=at)
        except KeyDestroyed:
            # Its holders destroyed their keys while it waited.
            log.info("%s was destroyed before it was developed", photo)
        except Refused as refused:
            if refused.fault:
                log.error("%s could not be opened by %s: %s", photo, version(), refused.fault)
            _refuse(photo, refused.refusal, at=at)
    return True


def how_many_wait(at: datetime) -> int:
    """How many photographs wait to be developed."""
    return _waiting(at).count()


def try_again(photo: Photo) -> None:
    """Queue a refused photograph again, if its original was kept."""
    kept = Photo.objects.filter(
        pk=photo.pk, state=Photo.State.REFUSED, holds__kind=Hold.Kind.ORIGINAL
    )
    kept.update(state=Photo.State.RECEIVED, refusal="", attempts=0, leased_until=None)


@with_reserve
@transaction.atomic
def put_note_away(photo: Photo, *, by: Account) -> None:
    """Delete the row of a refused photograph of which nothing was kept, and so its note in the drawer."""
    gone = Photo.objects.filter(pk=photo.pk, uploader=by, state=Photo.State.REFUSED, holds=None)
    removal.delete_photographs(gone)


def _claim(at: datetime) -> Photo | None:
    """Lease one photograph to this worker. Photographs whose worker died come after all others."""
    waiting = _waiting(at)
    for photo in waiting.order_by("state", "attempts", "uploaded_at", "pk")[:8]:
        mine = waiting.filter(pk=photo.pk, attempts=photo.attempts)
        if photo.state == Photo.State.REFUSED:
            photo.state = Photo.State.RECEIVED
        photo.leased_until = at + LEASE
        taken = mine.update(
            state=photo.state,
            refusal="",
            leased_until=photo.leased_until,
            attempts=F("attempts") + 1,
        )
        if taken:
            photo.attempts += 1
            return photo
    return None


def _waiting(at: datetime) -> QuerySet[Photo]:
    """Photographs to develop: new ones, turned ones, and those that another version of this program couldn't open.

    A lease that ends later than any lease that another machine makes now was made with a wrong clock, and is ignored.
    """
    leased = Q(leased_until__gt=at, leased_until__lte=at + LEASE + MAY_DIFFER)
    holds = Hold.objects.filter(photo=OuterRef("pk"), kind=Hold.Kind.ORIGINAL)
    mine = refusers.was(version())
    not_yet = Q(state=Photo.State.REFUSED, refusal__in=KEPT) & ~mine
    arrived = Q(state=Photo.State.RECEIVED)
    turned = Q(state=Photo.State.READY) & ~Q(quarters=F("quarters_shown"))
    return Photo.objects.filter(arrived | turned | (not_yet & Exists(holds))).exclude(leased)


def _try(photo: Photo, *, at: datetime) -> None:
    if photo.attempts > ATTEMPTS:
        raise Refused(Refusal.TOO_HARD, fault="its worker ended each time")
    shown_key = keyring.shown_key_or_new(photo.pk)
    with closing(pieces_of(photo)) as pieces:
        reader = HashedFile(pieces)
        developed = develop(reader.read, limits=_limits(), quarters=photo.quarters)
        if photo.uploader_id:
            photo.content_digest = digest_of(reader.content_hash(), owner=photo.uploader_id)
    _keep(photo, developed, shown_key, until=at + PAUSE)


@contextmanager
def _given_back_if_it_fails(photo: Photo, *, at: datetime) -> Iterator[None]:
    """Let the photograph wait for `PAUSE`, rather than until the lease ends. What fails is raised, unless only this original is at fault."""
    try:
        yield
    except (BlobMissing, BlobAltered, KeyDoesNotOpen):
        # It stands behind the others until its file is put back, or many of them would keep everybody waiting.
        _mine(photo).update(attempts=1)
        log.exception("an original can't be read; run: beside verify")
    except (NoDarkroom, OSError, DatabaseError, NoSuchEpoch, OtherRoot) as wrong:
        if isinstance(wrong, DatabaseError):
            # Where it was restarted, only a new connection is answered.
            connection.close_if_unusable_or_obsolete()
        _give_back(photo, until=at + PAUSE)
        raise
    except Exception:
        # A fault of this program's is counted as an attempt, or it would be tried for ever.
        _mine(photo).update(leased_until=at + PAUSE)
        raise


def _limits() -> Limits:
    env = settings.BESIDE
    return Limits(
        max_bytes=env.upload_max_bytes,
        max_pixels=env.upload_max_pixels,
        may_be_unlocked=env.risk_unlocked_darkroom,
    )


def _keep(photo: Photo, developed: Developed, key: bytes, *, until: datetime) -> None:
    """Store the renditions, and let rows name them, unless the photograph isn't this worker's any more."""
    renditions = _store(photo, developed, key)
    with transaction.atomic():
        keyring.lock_epoch()  # No key may be destroyed between this check and the commit.
        if _is_still(photo, key):
            _show(photo, developed, renditions)
        else:
            _give_back(photo, until=until)
            removal.delete_files(one.pk for one in renditions)


def _store(photo: Photo, developed: Developed, key: bytes) -> list[Rendition]:
    """Seal and store the renditions. Each file is on disk before a row names it."""
    ring = keyring.keyring_of(KeyEpoch.objects.get().instance)
    blobs = store()
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
        renditions.append(rendition)
        try:
            blobs.put(rendition.pk, sealed)
        except OSError:
            # It is tried again every half a minute, with other names.
            with suppress(OSError):
                blobs.delete_all([one.pk for one in renditions])
            raise
    return renditions


def _is_still(photo: Photo, key: bytes) -> bool:
    """Whether, while it was in the darkroom, it was neither taken back nor taken over by another worker."""
    try:
        same_key = keyring.shown_key(photo.pk) == key
    except KeyDestroyed:
        return False
    return same_key and _locked(photo) is not None


def _show(photo: Photo, developed: Developed, renditions: list[Rendition]) -> None:
    removal.delete_renditions(Rendition.objects.filter(photo=photo))
    Rendition.objects.bulk_create(renditions)
    _mine(photo).update(
        state=Photo.State.READY,
        content_digest=photo.content_digest,
        kind=developed.kind,
        width=developed.width,
        height=developed.height,
        notice=developed.notice.value if developed.notice else "",
        quarters_shown=photo.quarters,
        refused_by="",
        leased_until=None,
        attempts=0,
    )
    if photo.refused_by and photo.uploader_id:
        notices.untell(photo.uploader_id, Notice.Kind.UPLOAD_REFUSED, about=photo.pk)


def _delete_original(photo: Photo) -> None:
    """It takes no room until the next sweep, which deletes it if this is cut off."""
    for blob in (photo.original_blob, *original_pieces.ids_of([photo.pk])):
        store().delete(blob)


def _mine(photo: Photo) -> QuerySet[Photo]:
    """The row, unless its state or its lease has changed since this worker took it."""
    same = {"state": photo.state, "attempts": photo.attempts, "leased_until": photo.leased_until}
    return Photo.objects.filter(pk=photo.pk, **same)


def _locked(photo: Photo) -> Photo | None:
    """The row as it is now, and until the commit, or None if it is no longer this worker's. The epoch is locked before, as everywhere."""
    return _mine(photo).select_for_update().first()


def _give_back(photo: Photo, *, until: datetime) -> None:
    _mine(photo).update(attempts=photo.attempts - 1, leased_until=until)


@transaction.atomic
def _refuse(photo: Photo, refusal: Refusal, *, at: datetime) -> None:
    """Refuse the photograph and tell its uploader.

    The original is destroyed if the file itself is at fault, unless the photograph was shown before, or its
    uploader was told that it is kept. A worker that was held up past its lease decides nothing: another may have shown it since.
    """
    keyring.lock_epoch()
    if (here := _locked(photo)) is not None:
        _refuse_locked(here, refusal, at=at)


def _refuse_locked(photo: Photo, refusal: Refusal, *, at: datetime) -> None:
    if photo.state == Photo.State.READY:  # Only the turn failed: the renditions stay as they were.
        _mine(photo).update(quarters=F("quarters_shown"), leased_until=None, attempts=0)
        return
    was_here = photo.width is not None or photo.refused_by
    if not was_here and refusal not in KEPT:
        drop(Hold.objects.filter(photo=photo), at=at)
        transaction.on_commit(lambda: _delete_original(photo), robust=True)
    _mine(photo).update(
        state=Photo.State.REFUSED,
        refusal=refusal.value,
        refused_by=refusers.with_one_more(photo.refused_by, version()),
        # Version 0.2.0 writes itself over the others, and would take turns with this one as fast as both can.
        leased_until=at + LEASE if photo.refused_by else None,
        attempts=0,
    )
    # Don't tell the same again after an upgrade.
    if photo.uploader_id and refusers.is_none_but(version(), photo.refused_by):
        notices.tell(photo.uploader_id, Notice.Kind.UPLOAD_REFUSED, about=photo.pk, at=at)
