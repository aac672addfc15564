"""Removing photographs that nobody holds any more, and files that were replaced: their rows, and then their files.

Which files go is written into a row by the transaction that deletes theirs. The next sweep sees to it that they are gone, and deletes that row. So after
a crash, or where the store didn't answer, the sweeper has nothing to guess: of files without rows, it can't tell why they have none,
and stops at so many.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from beside.photos import original_pieces
from beside.photos.models import Photo, Rendition
from beside.photos.place_models import PlaceRecord
from beside.photos.vault.store import Store, store

# Few enough at a time for SQLite's limit on variables in a statement.
_AT_ONCE = 500
_NAMED = "delete "


def delete_unheld(photo_ids: Iterable[UUID]) -> None:
    """Delete those of these photographs that nobody holds: their rows now, their files after the commit."""
    for some in _batches(photo_ids):
        delete_photographs(Photo.objects.filter(pk__in=some, holds=None))


@transaction.atomic
def delete_photographs(photos: QuerySet[Photo]) -> None:
    """Delete these photographs, whose keys are gone: their rows now, their files after the commit. Few at a time."""
    ids = list(photos.values_list("pk", flat=True))
    gone = Photo.objects.filter(pk__in=ids)
    blobs = [
        *gone.values_list("original_blob", flat=True),
        *original_pieces.ids_of(ids),
        *Rendition.objects.filter(photo__in=ids).values_list("pk", flat=True),
    ]
    gone.delete()
    delete_files(blobs)


@transaction.atomic
def delete_renditions(renditions: QuerySet[Rendition]) -> None:
    """Delete what was sent of photographs: the rows now, the files after the commit."""
    for some in _batches(list(renditions.values_list("pk", flat=True))):
        Rendition.objects.filter(pk__in=some).delete()
        delete_files(some)


@transaction.atomic
def delete_files(blobs: Iterable[UUID]) -> None:
    """Delete files that no row names when this transaction commits: then, or else with the next sweep."""
    for some in _batches(blobs):
        told = {"blobs": [blob.hex for blob in some]}
        PlaceRecord.objects.create(name=f"{_NAMED}{uuid4().hex}", at=Now(), told=told)
        _delete_after_commit(some)


def unfinished() -> QuerySet[PlaceRecord]:
    """What was to be deleted since the last sweep, and may be deleted already. Delete the row when all of it is."""
    return PlaceRecord.objects.filter(name__startswith=_NAMED).order_by("at")


def blobs_of(record: PlaceRecord) -> list[UUID]:
    """Which files such a row names."""
    return [UUID(hex=blob) for blob in record.told["blobs"]]


def delete_from(here: Store, blobs: list[UUID]) -> None:
    """Delete these files from the store `here`, finished or not."""
    here.delete_all(blobs)
    for blob in blobs:
        here.delete_part(blob)


def _delete_after_commit(blobs: list[UUID]) -> None:
    """No partial is given: Django asks what fails for a name that a partial hasn't got."""
    transaction.on_commit(lambda: _delete_now(blobs), robust=True)


def _delete_now(blobs: list[UUID]) -> None:
    delete_from(store(), blobs)


def _batches(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    rest = iter(ids)
    while batch := list(islice(rest, _AT_ONCE)):
        yield batch
