"""Where the epoch key's slots are: in a folder, or in a bucket of their own. `slots()` is this place's.

A slot is replaced as a whole, and only if it is still what whoever replaces it has read: a process that was
cut off from the database, and so lost its turn, can't write over what was decided since.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from beside.photos.vault.bucket_places import BucketPlace
from beside.photos.vault.durable import PRIVATE_FILE, make_folder, overwrite_open, sync_folder


class Held(NamedTuple):
    """What a slot holds, and which version of it that is, by each of the two names that stores have for it."""

    data: bytes
    tag: str = ""
    version: str = ""


class SlotChanged(OSError):
    """Another process has written to a slot since this one read it."""

    def __init__(self) -> None:
        super().__init__(
            "A slot of the keyring has changed since it was read, so nothing was written to it."
        )


class Slots(Protocol):
    """A few small slots with names. A store that refuses or doesn't answer raises an `OSError`."""

    place: str

    def exist(self) -> bool:
        """Whether there has ever been a keyring at this place."""

    def names(self) -> list[str]:
        """Every slot that was ever written, in order."""

    def read(self, name: str) -> Held | None:
        """What the slot holds now; None if it was never written, or was removed."""

    def write(self, name: str, data: bytes, *, over: Held | None) -> None:
        """Put `data` in the place of `over`, durably. Raises an `OSError` if the slot holds something else by now."""

    def remove(self, name: str, *, held: Held) -> None:
        """Remove the slot, durably, if it still holds what it `held`. Any other is left.

        Only for a name that nobody writes to any more: a bucket may carry it out long after this has failed.
        """

    def refuses_the_late(self) -> bool:
        """Try whether the store refuses to write over what it was told not to, with a name of its own."""


class FolderSlots:
    """Slots as files, which are written over in their place on the disk, by whoever holds the kernel's lock on the file.

    Several nodes on one machine may share the folder, in containers too: it is one kernel's.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._durable: tuple[int, int] | None = None
        self.place = str(folder)

    def exist(self) -> bool:
        """Whether the folder is there: it may have lost its files, and is no new place for that."""
        return self._folder.exists()

    def names(self) -> list[str]:
        """Every slot, in order."""
        return sorted(path.name for path in self._folder.glob("epoch.*"))

    def read(self, name: str) -> Held | None:
        """What the slot's file holds."""
        try:
            return Held((self._folder / name).read_bytes())
        except FileNotFoundError:
            return None

    def write(self, name: str, data: bytes, *, over: Held | None) -> None:
        """Write over the slot's file. Raises `SlotChanged`. A power cut can tear it, which `EpochFile` allows for."""
        self._make_folder()
        file, before = self._folder / name, over.data if over else b""
        # A file without a byte is one whose writing ended before it began.
        with _alone(file, may_make=not before) as descriptor:
            if _all_of(descriptor) != before:
                raise SlotChanged
            overwrite_open(descriptor, data)
        if not before:
            sync_folder(self._folder)

    def remove(self, name: str, *, held: Held) -> None:
        """Remove the slot's file."""
        file = self._folder / name
        with suppress(SlotChanged), _alone(file, may_make=False) as descriptor:
            if _all_of(descriptor) == held.data:
                file.unlink()
                sync_folder(self._folder)

    def refuses_the_late(self) -> bool:
        """`write` compares while it holds the lock."""
        return True

    def _make_folder(self) -> None:
        """See to it that the folder's name is durable: once in this process, unless another folder takes its place."""
        if self._durable is None or self._durable != self._which():
            make_folder(self._folder)
            self._durable = self._which()

    def _which(self) -> tuple[int, int] | None:
        try:
            found = self._folder.stat()
        except FileNotFoundError:
            return None
        return found.st_dev, found.st_ino


@contextmanager
def _alone(file: Path, *, may_make: bool) -> Iterator[int]:
    """The file, open, while no other process holds it. Raises `SlotChanged` where it isn't there, or was removed meanwhile."""
    how = os.O_RDWR | os.O_CLOEXEC | (os.O_CREAT if may_make else 0)
    try:
        descriptor = os.open(file, how, PRIVATE_FILE)
    except FileNotFoundError:
        raise SlotChanged from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if not _is_at(descriptor, file):
            raise SlotChanged
        yield descriptor
    finally:
        os.close(descriptor)


def _is_at(descriptor: int, file: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), file.stat())
    except FileNotFoundError:
        return False


def _all_of(descriptor: int) -> bytes:
    return os.pread(descriptor, os.fstat(descriptor).st_size, 0)


def slots() -> Slots:
    """The slots of this place: where BESIDE_KEYRING says, or else in the data folder."""
    return slots_at(settings.BESIDE.keyring_place)


@lru_cache(maxsize=8)
def slots_at(place: BucketPlace | Path, *, is_patient: bool = False) -> Slots:
    """The slots at `place`. Nothing is read yet. `is_patient` is for large slots, and for whoever has nobody waiting."""
    if isinstance(place, Path):
        return FolderSlots(place)
    made: Slots = import_string("beside.photos.vault.object_slots.ObjectSlots")(
        place, is_patient=is_patient
    )
    return made
