"""A bucket for backups, of which each object is there whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from beside.cli.backups.destination import BackupBusy
from beside.cli.backups.dumps import DumpDiffers
from beside.cli.backups.places import require_apart
from beside.cli.backups.refusals import writing_to
from beside.cli.backups.scratch import scratch_folder
from beside.cli.process.locks import locked_file
from beside.photos.vault import store
from beside.photos.vault.bucket_folder import BucketFolder
from beside.photos.vault.bucket_places import BucketPlace
from beside.photos.vault.object_store import ObjectReader, ObjectStore

_ENDING = ".dump"
_RECORD = "last-read.json"


class BucketDestination:
    """Files as `blobs/<id>`, dumps as `dumps/<name>.dump`, and a record of what was read."""

    def __init__(self, place: BucketPlace) -> None:
        self._place = place
        self.where = place.url
        self._folder = BucketFolder(place)

    @cached_property
    def store(self) -> ObjectStore:
        """Sealed files."""
        return ObjectStore(self._place, is_patient=True)

    @cached_property
    def dumps(self) -> BucketDumps:
        """Sealed dumps."""
        return BucketDumps(self._place.below("dumps"))

    @contextmanager
    def taken(self, *, data: Path) -> Iterator[None]:
        """Hold it, as far as this machine goes; machines that share a database keep each other out by its lock.

        Raises `SameBucket` and `BackupBusy`.
        """
        require_apart(self._place)
        with writing_to(data), locked_file(data / "backup.lock", busy=BackupBusy(self.where)):
            yield

    def record(self) -> bytes:
        """What `keep_record` kept; nothing if that isn't there."""
        return self._folder.read(_RECORD) or b""

    def keep_record(self, data: bytes) -> None:
        """Keep it in place of what was there."""
        self._folder.write(_RECORD, data)

    def lend_to(self, data: Path) -> None:
        """Its settings name this bucket as its store, and this process deletes nothing in it."""
        store.lend(self._place)


class BucketDumps:
    """Dumps as objects. One is sealed in the data folder first, as its keys have to be kept before it can be found."""

    def __init__(self, place: BucketPlace) -> None:
        self._folder = BucketFolder(place)
        self.where = place.url

    def names(self) -> list[str]:
        """Those that are there."""
        names = self._folder.names()
        return [name.removesuffix(_ENDING) for name in names if name.endswith(_ENDING)]

    @contextmanager
    def draft(self, name: str, *, scratch: Path) -> Iterator[Path]:
        """A file in a folder of its own, which is thrown away."""
        with scratch_folder(scratch) as folder:
            yield folder / name

    def take_in(self, draft: Path, name: str) -> None:
        """Write it, and read it back. Raises `DumpDiffers`, and then it isn't there."""
        for _attempt in range(2):
            self._folder.write(f"{name}{_ENDING}", draft)
            if self._folder.reads_back(f"{name}{_ENDING}", draft):
                return
        self.delete(name)
        raise DumpDiffers(self.where)

    def can_be_read(self, name: str) -> bool:
        """A bucket that doesn't give it is away, and says so."""
        return True

    def open(self, name: str) -> ObjectReader:
        """Read it from its beginning. Raises `FileNotFoundError`."""
        return self._folder.open(f"{name}{_ENDING}")

    def delete(self, name: str) -> None:
        """Delete it, if it is there."""
        self._folder.delete(f"{name}{_ENDING}")
