"""Removing photographs that nobody holds any more: their rows, and then their files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from uuid import UUID

from django.db import transaction

from beside.photos import original_pieces
from beside.photos.models import Photo, Rendition
from beside.photos.vault.store import store

# Few enough at a time for SQLite's limit on variables in a statement.
_AT_ONCE = 500


def delete_unheld(photo_ids: Iterable[UUID]) -> None:
    """Delete those of these photographs that nobody holds: their rows now, their files after the commit.

    The sweeper would stop at so many files without rows, because it can't tell why they have none.
    """
    blobs: list[UUID] = []
    for some in _batches(photo_ids):
        unheld = Photo.objects.filter(pk__in=some, holds=None)
        blobs += unheld.values_list("original_blob", flat=True)
        blobs += original_pieces.ids_of(unheld.values_list("pk", flat=True))
        blobs += Rendition.objects.filter(photo__in=unheld).values_list("pk", flat=True)
        unheld.delete()
    transaction.on_commit(lambda: _delete_files(blobs), robust=True)


def _delete_files(blobs: list[UUID]) -> None:
    here = store()
    here.delete_all(blobs)
    for blob in blobs:
        here.delete_part(blob)


def _batches(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    rest = iter(ids)
    while batch := list(islice(rest, _AT_ONCE)):
        yield batch
