"""Sealed files from one store to another, each read back. Where it was cut off it goes on.

Files don't change, so most are copied while the place is served; what has come meanwhile is copied when it isn't.
A store may list late, so in the end the rows say what has to be there.
"""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import NamedTuple
from uuid import UUID

import click

from beside.cli.backups.files import wrote
from beside.cli.moving.progress import Progress
from beside.cli.verification.blobs import all_named
from beside.photos.models import OriginalPiece
from beside.photos.vault.store import BlobMissing, Store, has_blob, is_anothers

_REMEMBERED_EACH = 200
# Each has at most two copies of one original in memory.
_AT_ONCE = 4


class FileDiffers(Exception):
    """A file reads back from the other store differently."""

    def __init__(self, blob_id: UUID) -> None:
        super().__init__(
            f"The file {blob_id} reads back from the other store differently from how it was written, twice."
        )


class FilesLost(Exception):
    """Rows name files that the place's own store doesn't have."""

    def __init__(self, lost: Collection[UUID]) -> None:
        super().__init__(
            f"The store lacks files that photographs of this place need: {len(lost)}, among them {min(lost)}. Is its disk mounted?"
            " beside verify says which photographs they are, and beside backup --put-back brings back what a backup has. With"
            " --without-lost the place moves without them."
        )


class OthersStore(Exception):
    """The other store has files, and none is of this place."""

    def __init__(self) -> None:
        super().__init__(
            "The store to move to has files, and none of them is this place's: they are another's, and each would delete what the other takes"
            " in. Nothing has been changed. Name an empty place with --store."
        )


class Stores(NamedTuple):
    """The store that files are in, and the one that they go to."""

    source: Store
    target: Store


class Carried(NamedTuple):
    """How many files were copied, and which are lost."""

    copied: int
    lost: frozenset[UUID]


def carry_all(stores: Stores, progress: Progress, *, quietly: bool) -> int:
    """Copy and compare every file that is listed, after those of an earlier run. Returns how many were copied.

    Raises `FileDiffers`, and what a store raises.
    """
    there = {blob for blob, _ in stores.target.ids()}
    waiting = [blob for blob, _ in stores.source.ids(after=progress.until())]
    copied, rest = 0, iter(waiting)
    shown = click.progressbar(length=len(waiting), label="Files", hidden=quietly or not waiting)
    with ThreadPoolExecutor(_AT_ONCE) as at_once, shown:
        while some := list(islice(rest, _REMEMBERED_EACH)):
            copied += sum(at_once.map(partial(_carry_listed, stores, there=there), some))
            progress.remember(some[-1])
            shown.update(len(some))
    return copied


def carry_rest(stores: Stores, *, alias: str) -> Carried:
    """Copy what isn't there yet in the size that it has here, now that nothing comes any more: whatever is listed, or is named in the database `alias`."""
    here, there = dict(stores.source.sizes()), dict(stores.target.sizes())
    named = _named(alias)
    waiting = [
        blob
        for blob in here.keys() | named
        if blob not in there or here.get(blob, there[blob]) != there[blob]
    ]
    with ThreadPoolExecutor(_AT_ONCE) as at_once:
        came = dict(zip(waiting, at_once.map(partial(_carry, stores), waiting), strict=True))
    lost = (blob for blob in named if not came.get(blob, True))
    return Carried(sum(came.values()), frozenset(lost))


def lost_already(stores: Stores, *, alias: str) -> frozenset[UUID]:
    """What rows name and neither store has: a move that was cut off may have copied it before it was lost here."""
    listed = {blob for blob, _ in stores.source.ids()}
    lost = _named(alias) - listed
    return frozenset(blob for blob in lost if not any(has_blob(store, blob) for store in stores))


def require_no_others(stores: Stores, *, alias: str) -> None:
    """Return only if the other store is empty, or has files of this place: a move that was cut off copied them. Raises `OthersStore`."""
    if is_anothers(stores.target, ours=_named(alias) | {blob for blob, _ in stores.source.ids()}):
        raise OthersStore


def _named(alias: str) -> set[UUID]:
    """With the pieces of what is still arriving."""
    pieces = OriginalPiece.objects.using(alias).values_list("pk", flat=True)
    return {*all_named(using=alias), *pieces.iterator()}


def _carry_listed(stores: Stores, blob: UUID, *, there: set[UUID]) -> bool:
    """Copy one file, or compare it where it is there already. Returns whether it was copied."""
    if blob in there:
        # Whichever of the two lacks it after all: `_carry` finds that out.
        with suppress(BlobMissing):
            if stores.target.reads_back(blob, stores.source.get(blob)):
                return False
    return _carry(stores, blob)


def _carry(stores: Stores, blob: UUID) -> bool:
    """Copy one file and read it back. Returns False for one that isn't here; deleted meanwhile, it is no longer wanted."""
    try:
        data = stores.source.get(blob)
    except BlobMissing:
        return False
    if not wrote(blob, data, stores.target):
        raise FileDiffers(blob)
    return True
