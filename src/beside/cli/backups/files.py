"""Copying sealed files from one store to another, and reading back what was copied.

A file never changes, so each is copied once. But disks lose files, and change them: so each is read back when it has been
copied, the sizes of all are compared in each run, and some are read whole at both ends (`rotation`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from io import BytesIO
from uuid import UUID

import click
from django.conf import settings

from beside.cli.backups.refusals import writing_to
from beside.cli.verification.blobs import NamedBlob, named
from beside.cli.verification.faults import Fault
from beside.photos.vault.keyring import Keyring
from beside.photos.vault.store import BlobMissing, Reading, Store, StoreUnavailable


class ReadsBackDifferently(Exception):
    """A disk or bucket doesn't give back what was written to it, not even at the second time."""

    def __init__(self, blob: UUID, what: str) -> None:
        super().__init__(
            f"{what} reads back another file than was written to it ({blob}), twice. It is failing: use another."
        )


@dataclass
class Copied:
    """What was done with the files. `again` were damaged in the backup, `put_back` in this place."""

    new: int = 0
    again: int = 0
    read: int = 0
    put_back: int = 0
    faults: list[Fault] = field(default_factory=list)
    compared: set[UUID] = field(default_factory=set)


@dataclass(frozen=True)
class Copying:
    """Brings `target`, a backup, up to `source`, a place."""

    source: Store
    target: Store
    ring: Keyring
    done: Copied
    puts_back: bool
    quietly: bool

    def copy(self, blobs: Collection[UUID]) -> None:
        """Copy `blobs` for the first time, each synced and read back before the next. An altered photograph isn't copied.

        What belongs together is read at once, and once: an original's pieces can only be opened with their end.
        """
        waiting = set(blobs)
        for blob in self._shown(blobs, "Files"):
            if blob not in waiting:
                continue
            one = named(blob)
            together = (*one.pieces, one.blob) if one else (blob,)
            here = _ReadOnce(self.source)
            if one and (fault := one.fault_in(here, self.ring)):
                self._tell(one.blob, fault)
            else:
                self._copy_each([file for file in together if file in waiting], here)
            waiting -= {blob, *together}

    def _copy_each(self, blobs: Iterable[UUID], here: Reading) -> None:
        for blob in blobs:
            if (data := self._read(blob, here)) is not None:
                put(blob, data, self.target)
                self.done.new += 1

    def compare(self, blobs: Collection[UUID]) -> None:
        """Read `blobs` whole at both ends, and mend the backup from here. What no row names is noise, and left alone."""
        for blob in self._shown(blobs, "Reading back"):
            one = named(blob)
            if one is None or one.blob in self.done.compared:
                continue
            self.done.compared.add(one.blob)
            self.done.read += 1
            fault = one.fault_in(self.source, self.ring)
            if fault:
                self._tell(blob, fault)
            elif one.fault_in(self.target, self.ring):
                self._mend(one)

    def _mend(self, one: NamedBlob) -> None:
        for blob in (*one.pieces, one.blob):
            if (data := self._read(blob, self.source)) is not None:
                put(blob, data, self.target)
        self.done.again += 1

    def tell_lost(self, blobs: Iterable[UUID]) -> None:
        """Tell of `blobs` that rows name and that aren't here, unless they have been destroyed meanwhile."""
        for blob in blobs:
            one = named(blob)
            if one and (fault := one.fault_in(self.source, self.ring)):
                self._tell(blob, fault)

    def _read(self, blob: UUID, here: Reading) -> bytes | None:
        """The whole file in this place, or None: it was destroyed meanwhile, or can't be read, which is told."""
        try:
            return here.get(blob)
        except BlobMissing:
            self.tell_lost([blob])
        except StoreUnavailable:
            raise
        except OSError as unreadable:
            self._tell(blob, f"can't be read ({unreadable.strerror})")
        return None

    def _tell(self, blob: UUID, fault: str) -> None:
        """Tell of a file that is damaged here, or put it back from the backup, if that has it whole."""
        one = named(blob)
        if one is None:
            self.done.faults.append(
                Fault(f"file {blob}", f"It {fault}, and no photograph names it.")
            )
            return
        is_whole_there = not one.fault_in(self.target, self.ring)
        if is_whole_there and self.puts_back:
            with writing_to(settings.BESIDE.data):
                for file in (*one.pieces, one.blob):
                    put(file, self.target.get(file), self.source, what="This place's own store")
            self.done.put_back += 1
            return
        rest = (
            "The backup has it whole: with --put-back the same command puts it back."
            if is_whole_there
            else "This backup doesn't have it whole either: look in another."
        )
        self.done.faults.append(Fault(str(one), f"{one.what()} {fault} (file {blob}). {rest}"))

    def _shown(self, blobs: Collection[UUID], label: str) -> Iterable[UUID]:
        with click.progressbar(blobs, label=label, hidden=self.quietly or not blobs) as shown:
            yield from shown


class _ReadOnce:
    """A store of which each file is fetched once. Of the rest of a store nothing is needed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._fetched: dict[UUID, bytes] = {}

    def get(self, blob_id: UUID) -> bytes:
        """The whole blob; raises as the store does."""
        if blob_id not in self._fetched:
            self._fetched[blob_id] = self._store.get(blob_id)
        return self._fetched[blob_id]

    def open(self, blob_id: UUID) -> BytesIO:
        """The same, to be read."""
        return BytesIO(self.get(blob_id))


def put(blob: UUID, data: bytes, target: Store, *, what: str = "The place of the backup") -> None:
    """Write a file and read it back as it is kept. Raises `ReadsBackDifferently`, which says `what` `target` is, and `OSError`."""
    if not wrote(blob, data, target):
        raise ReadsBackDifferently(blob, what)


def wrote(blob: UUID, data: bytes, target: Store) -> bool:
    """Write a file, twice if need be. Returns whether it reads back as it is kept; raises `OSError`."""
    for _attempt in range(2):
        target.put(blob, data)
        if target.reads_back(blob, data):
            return True
    return False


def copy_all(source: Store, target: Store, *, quietly: bool) -> list[Fault]:
    """Copy what `target` lacks, with what a disk doesn't give told and passed over: for a restore, which has no keys yet.

    Raises `StoreUnavailable`.
    """
    there = {blob for blob, _ in target.ids()}
    blobs = [blob for blob, _ in source.ids() if blob not in there]
    faults = []
    with click.progressbar(blobs, label="Files", hidden=quietly or not blobs) as shown:
        for blob in shown:
            try:
                data = source.get(blob)
            except StoreUnavailable:
                raise
            except OSError as unreadable:
                says = f"It can't be read in the backup ({unreadable.strerror})."
                faults.append(Fault(f"file {blob}", says))
                continue
            target.put(blob, data)
    return faults
