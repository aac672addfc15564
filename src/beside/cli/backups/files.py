"""Copying sealed files from one store to another. A name stands for one content for ever, so each goes once."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

import click

from beside.photos.vault.store import BlobMissing, FolderStore


def missing(source: FolderStore, target: FolderStore) -> list[UUID]:
    """What `source` has and `target` hasn't."""
    there = {blob for blob, _ in target.ids()}
    return [blob for blob, _ in source.ids() if blob not in there]


def copy(
    blobs: Collection[UUID], source: FolderStore, target: FolderStore, *, quietly: bool
) -> int:
    """Copy `blobs`, each on disk for good before the next; returns how many are gone from `source` by now."""
    gone = 0
    with click.progressbar(blobs, label="Files", hidden=quietly or not blobs) as shown:
        for blob in shown:
            try:
                target.put(blob, source.get(blob))
            except BlobMissing:
                gone += 1
    return gone
