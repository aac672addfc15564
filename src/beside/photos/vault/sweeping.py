"""Deleting files that no row refers to, and files whose keys are gone.

Leftovers of a crash are deleted, never recovered: a file without a row was never confirmed to anybody, and a
file without a key is noise. If there are too many, or there is nothing else, the sweeper stops and reports it, since to a server with
the wrong database, or in another place's store, every photograph would look like a leftover.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from beside.photos import removal
from beside.photos.broken_rows import going_on
from beside.photos.disk_full import with_reserve
from beside.photos.models import Hold, OriginalPiece, Photo, Rendition, Tombstone, Upload
from beside.photos.vault.keyring import settle
from beside.photos.vault.store import Store, has_blob

# Longer than any upload's last piece or any rendition takes from its file to its row.
GRACE = timedelta(days=1)
# A crash leaves a handful; more than this many, and a tenth of everything, is another thing.
_A_HANDFUL = 100
_A_TENTH = 10
_AT_ONCE = 500
# So many photographs tell another place's store.
_ASKED_FOR = 20


class TooMuchToSweep(Exception):
    """Too many files have no row, or none has one: the database must be the wrong one, or the store."""

    def __init__(self, orphans: int, blobs: int) -> None:
        super().__init__(
            f"{orphans} of {blobs} files belong to no photograph that the database knows. None of them was deleted:"
            " the database or the store may be another one, or the database older than the files."
        )


class Swept(NamedTuple):
    """How many files were deleted."""

    blobs: int
    parts: int


@with_reserve
def sweep(store: Store, *, at: datetime) -> Swept:
    """Delete what nothing refers to; repeating it is harmless. Raises `TooMuchToSweep`.

    It also removes what an interrupted destroy left of the old epoch key.
    """
    settle()
    removal.delete_renditions(Rendition.objects.filter(_destroyed(Hold.Kind.SHOWN, of="photo_id")))
    _finish_deleting(store)
    before = (at - GRACE).timestamp()
    return Swept(_sweep_blobs(store, before=before), _sweep_parts(store, before=before))


def _finish_deleting(store: Store) -> None:
    """Delete what rows said was to be deleted: a crash may have come between, or the store have been away."""
    for record in removal.unfinished():
        with going_on("files that were to be deleted could not be"):
            blobs = removal.blobs_of(record)
            still_named = named(blobs)
            removal.delete_from(store, [blob for blob in blobs if blob not in still_named])
            record.delete()


def _sweep_blobs(store: Store, *, before: float) -> int:
    """Delete noise at once, and files that were never named only when they are old: all of them, or none."""
    orphans: list[UUID] = []
    seen = noise = ours = 0
    for found in _batches(store.ids()):
        destroyed = _destroyed_originals(found)
        store.delete_all(destroyed)
        known = named(found)
        orphans += [
            blob for blob, written in found.items() if blob not in known and written < before
        ]
        seen, noise, ours = seen + len(found), noise + len(destroyed), ours + len(known)
    is_too_much = len(orphans) > _A_HANDFUL and len(orphans) * _A_TENTH > seen
    if is_too_much or (orphans and not ours and not _has_any_named(store)):
        raise TooMuchToSweep(len(orphans), seen)
    store.delete_all(orphans)
    return noise + len(orphans)


def _has_any_named(store: Store) -> bool:
    """Whether a file that a row names is there, though it isn't listed: a store may list late."""
    newest = Photo.objects.order_by("-uploaded_at")[:_ASKED_FOR]
    for photo in newest.prefetch_related("renditions", "original_pieces"):
        parts = (*photo.renditions.all(), *photo.original_pieces.all())
        if any(
            has_blob(store, blob) for blob in (photo.original_blob, *(part.pk for part in parts))
        ):
            return True
    return False


def _sweep_parts(store: Store, *, before: float) -> int:
    swept = 0
    for found in _batches(store.part_ids()):
        awaited = set(
            Upload.objects.filter(photo__original_blob__in=found).values_list(
                "photo__original_blob", flat=True
            )
        )
        for part_id, written in found.items():
            if part_id not in awaited and written < before:
                store.delete_part(part_id)
                swept += 1
    return swept


def named(blobs: Iterable[UUID]) -> set[UUID]:
    """Those of `blobs` that a row names: originals, their pieces, and renditions."""
    originals = Photo.objects.filter(original_blob__in=blobs).values_list(
        "original_blob", flat=True
    )
    pieces = OriginalPiece.objects.filter(pk__in=blobs).values_list("pk", flat=True)
    renditions = Rendition.objects.filter(pk__in=blobs).values_list("pk", flat=True)
    return {*originals, *pieces, *renditions}


def _destroyed_originals(blobs: Iterable[UUID]) -> list[UUID]:
    photos = Photo.objects.filter(_destroyed(Hold.Kind.ORIGINAL, of="pk"), original_blob__in=blobs)
    pieces = OriginalPiece.objects.filter(
        _destroyed(Hold.Kind.ORIGINAL, of="photo_id"), pk__in=blobs
    )
    return [
        *photos.values_list("original_blob", flat=True),
        *pieces.values_list("pk", flat=True),
    ]


def _destroyed(kind: Hold.Kind, *, of: str) -> Q:
    """The condition for photographs (their id is `of`) that a tombstone says were destroyed.

    Holds that are merely missing may still come back from a backup.
    """
    mine = {"photo_id": OuterRef(of), "kind": kind}
    return Q(Exists(Tombstone.objects.filter(**mine)), ~Exists(Hold.objects.filter(**mine)))


def _batches(found: Iterator[tuple[UUID, float]]) -> Iterator[dict[UUID, float]]:
    """Batches, so that the names of a million files needn't be in memory."""
    while batch := dict(islice(found, _AT_ONCE)):
        yield batch
