"""Copying sealed files from one store to another. A file never changes, so each is copied once."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

import click

from beside.photos.vault.store import BlobMissing, Store


def missing(source: Store, target: Store) -> list[UUID]:
    """The blobs that `source` has and `target` lacks."""
    there = {blob for blob, _ in target.ids()}
    return [blob for blob, _ in source.ids() if blob not in there]


def copy(blobs: Collection[UUID], source: Store, target: Store, *, quietly: bool) -> int:
    """Copy `blobs`, each synced to disk before the next. Returns how many have gone from `source` meanwhile."""
    gone = 0
    with click.progressbar(blobs, label="Files", hidden=quietly or not blobs) as shown:
        for blob in shown:
            try:
                target.put(blob, source.get(blob))
            except BlobMissing:
                gone += 1
    return gone
