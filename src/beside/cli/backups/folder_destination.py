"""A folder for backups, on another disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

from beside.cli.backups.destination import BackupBusy, InsideData
from beside.cli.backups.dumps import DumpName
from beside.cli.backups.refusals import writing_to
from beside.cli.process.locks import locked_file
from beside.photos.vault.durable import HEXED, make_folder, replace, sync_folder
from beside.photos.vault.folder_store import FolderStore

_ENDING = ".dump"
_AT_ONCE = 1 << 20


class FolderDestination:
    """The folder, with blobs and parts as in a data folder, dumps in `dumps/`, and a record of what was read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.where = str(folder)
        self.store = FolderStore(folder)
        self.dumps = FolderDumps(folder / "dumps")

    @contextmanager
    def taken(self, *, data: Path) -> Iterator[None]:
        """Hold the folder, creating it if needed. Raises `InsideData` and `BackupBusy`."""
        if self._folder.resolve().is_relative_to(data.resolve()):
            raise InsideData(self._folder)
        with writing_to(self._folder):
            make_folder(self._folder.resolve())
            with locked_file(self._folder / ".lock", busy=BackupBusy(self.where)):
                self._drop_half_written()
                yield

    def record(self) -> bytes:
        """What `keep_record` kept; nothing if that isn't there or can't be read."""
        try:
            return self._record.read_bytes()
        except OSError:
            return b""

    def keep_record(self, data: bytes) -> None:
        """Keep it in place of what was there."""
        replace(self._record, data)

    def lend_to(self, data: Path) -> None:
        """Have a link to each file there; what is deleted or written there leaves the backup as it is."""
        FolderStore(data).link_all(self.store)

    @property
    def _record(self) -> Path:
        return self._folder / "last-read.json"

    def _drop_half_written(self) -> None:
        """Drafts of dumps, of files and of the record: only a backup makes what is called so, and this one has the folder for itself."""
        dumps = (path for path in self._folder.glob("dumps/.*") if DumpName.is_one(path.name[1:]))
        parts = self._folder.glob(f"parts/{HEXED}")
        for draft in (*dumps, *parts, *self._folder.glob(f"{self._record.name}.{HEXED}.draft")):
            if draft.is_file():
                draft.unlink(missing_ok=True)


class FolderDumps:
    """Dumps as files, `NAME.dump`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.where = str(folder)

    def names(self) -> list[str]:
        """Those that are there whole."""
        return [file.stem for file in self._folder.glob(f"*{_ENDING}")]

    @contextmanager
    def draft(self, name: str, *, scratch: Path) -> Iterator[Path]:
        """A file beside them, on the same disk."""
        make_folder(self._folder)
        draft = self._folder / f".{name}"
        try:
            yield draft
        finally:
            draft.unlink(missing_ok=True)

    def take_in(self, draft: Path, name: str) -> None:
        """Give it its name."""
        draft.rename(self._file(name))
        sync_folder(self._folder)

    def can_be_read(self, name: str) -> bool:
        """Whether its disk gives all of it."""
        try:
            with self._file(name).open("rb") as file:
                while file.read(_AT_ONCE):
                    pass
        except OSError:
            return False
        return True

    def open(self, name: str) -> FileIO:
        """Read it from its beginning. Raises `FileNotFoundError`."""
        return FileIO(self._file(name))

    def delete(self, name: str) -> None:
        """Delete it, if it is there."""
        self._file(name).unlink(missing_ok=True)

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}{_ENDING}"
