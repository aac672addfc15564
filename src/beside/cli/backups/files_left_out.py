"""What a restored place names and hasn't got: told, or made again from what it has.

A backup's first run, or one that comes late, copies files long after the dump that names them: one that readers are sent may have been
swept by then, as its photograph was turned.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from beside.cli.verification.blobs import all_named, named
from beside.cli.verification.faults import Fault
from beside.photos.vault.store import Store, has_blob


def missing_from(store: Store) -> set[UUID]:
    """Every file that is named, and isn't there. A store may list late, so what it doesn't list is asked for by name."""
    unlisted = all_named() - {blob for blob, _ in store.ids()}
    return {blob for blob in unlisted if not has_blob(store, blob)}


def told(missing: Collection[UUID], *, but: Collection[str]) -> Iterator[Fault]:
    """A fault for each of `missing` that is still named, except where a fault is about the file already."""
    for blob in sorted(missing):
        if f"file {blob}" not in but and (one := named(blob)):
            yield Fault(str(one), f"{one.what()} isn't in the backup (file {blob}).")
