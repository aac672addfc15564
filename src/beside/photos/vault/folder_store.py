"""Blobs in a folder. Whatever is confirmed to anybody was fsynced before."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from io import FileIO
from pathlib import Path
from uuid import UUID, uuid4

from beside.photos.vault.durable import (
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    make_folder,
    sync_folder,
    write_new,
)
from beside.photos.vault.store import BlobMissing, PartBusy

_READ = os.O_RDONLY | os.O_CLOEXEC
_AT_ONCE = 1 << 20


class FolderStore:
    """Blobs in `blobs/ab/cd/<id>`, and uploads in progress in `parts/<id>`, under one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._blobs = folder / "blobs"
        self._parts = folder / "parts"
        self._blobs_path = str(self._blobs)
        self._lasting: set[Path] = set()

    def put(self, blob_id: UUID, data: bytes) -> None:
        """Store `data`. When this returns, it survives a power cut; before that, it is there whole or not at all."""
        draft = self._part(uuid4())
        self._make_lasting(self._parts)
        try:
            write_new(draft, data)
            self._move_in(draft, blob_id)
        except OSError:
            # On a full disk half of it would take the last room.
            draft.unlink(missing_ok=True)
            raise

    def get(self, blob_id: UUID) -> bytes:
        """The whole blob; raises `BlobMissing`."""
        name = blob_id.hex
        try:
            # As text: making a Path takes longer than reading the file.
            file = os.open(f"{self._blobs_path}/{name[:2]}/{name[2:4]}/{name}", _READ)
        except FileNotFoundError:
            raise BlobMissing(blob_id) from None
        try:
            size = os.fstat(file).st_size
            data = os.read(file, size)
            while len(data) < size and (more := os.read(file, size - len(data))):
                data += more
            return data
        finally:
            os.close(file)

    def open(self, blob_id: UUID) -> FileIO:
        """The blob as an open file, for reading an original piece by piece; raises `BlobMissing`."""
        try:
            return FileIO(self._blob(blob_id))
        except FileNotFoundError:
            raise BlobMissing(blob_id) from None

    def reads_back(self, blob_id: UUID, data: bytes) -> bool:
        """Whether the disk gives back `data`; raises `BlobMissing`."""
        with self.open(blob_id) as file:
            if hasattr(os, "posix_fadvise"):
                # From the disk, and not from what the system remembers of having just written it.
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            rest = memoryview(data)
            while piece := file.read(_AT_ONCE):
                if rest[: len(piece)] != piece:
                    return False
                rest = rest[len(piece) :]
            return not rest

    def delete(self, blob_id: UUID) -> None:
        """Delete the blob, if it exists. Not fsynced: without its key it is noise, and the sweeper tries again."""
        self._blob(blob_id).unlink(missing_ok=True)

    def delete_all(self, blob_ids: Sequence[UUID]) -> None:
        """Delete as many, as `delete` does."""
        for blob_id in blob_ids:
            self.delete(blob_id)

    def ids(self, *, after: UUID | None = None) -> Iterator[tuple[UUID, float]]:
        """Every blob above `after`, in order, with the time it was written (seconds since 1970)."""
        last = after.hex if after else ""
        for outer in _named_in(self._blobs, last[:2]):
            for inner in _named_in(outer, last[2:4] if outer.name == last[:2] else ""):
                for path in _named_in(inner, last):
                    if path.name != last and (written := _written(path)) is not None:
                        yield UUID(hex=path.name), written

    def sizes(self) -> Iterator[tuple[UUID, int]]:
        """Every blob, with how many bytes it has."""
        for blob_id, _written_at in self.ids():
            with suppress(FileNotFoundError):
                yield blob_id, self._blob(blob_id).stat().st_size

    def link_all(self, other: FolderStore) -> None:
        """Have a link here to every blob of `other`. What is deleted or written here later leaves `other` as it is."""
        for blob_id, _written_at in other.ids():
            link = self._blob(blob_id)
            link.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
            link.symlink_to(other._blob(blob_id).resolve())

    def require_there(self) -> None:
        """Raise an `OSError` unless the folder is there."""
        os.stat(self._folder)

    def start_part(self, blob_id: UUID) -> FileIO:
        """An empty file for the upload that will become `blob_id`, locked until it is closed."""
        self._make_lasting(self._parts)
        with ExitStack() as unless_lasting:
            part = unless_lasting.enter_context(self._open_part(blob_id, os.O_CREAT | os.O_EXCL))
            sync_folder(self._parts)
            unless_lasting.pop_all()
        return part

    def open_part(self, blob_id: UUID) -> FileIO:
        """The upload's file, to continue writing; raises `BlobMissing`, and `PartBusy` while another caller has it."""
        try:
            return self._open_part(blob_id, 0)
        except FileNotFoundError:
            raise BlobMissing(blob_id) from None

    def finish_part(self, blob_id: UUID) -> None:
        """Turn the upload's file into the blob, durably. Repeating it after a crash is harmless; raises `BlobMissing`."""
        try:
            self._move_in(self._part(blob_id), blob_id)
        except FileNotFoundError:
            if not self._blob(blob_id).exists():
                raise BlobMissing(blob_id) from None
            sync_folder(self._blob(blob_id).parent)

    def delete_part(self, part_id: UUID) -> None:
        """Delete the upload's file, if it exists."""
        self._part(part_id).unlink(missing_ok=True)

    def part_ids(self) -> Iterator[tuple[UUID, float]]:
        """Every upload's file and half-written blob, with the time of its last write (seconds since 1970)."""
        for path in _named_in(self._parts, ""):
            if (written := _written(path)) is not None:
                yield UUID(hex=path.name), written

    def _blob(self, blob_id: UUID) -> Path:
        name = blob_id.hex
        return self._blobs / name[:2] / name[2:4] / name

    def _part(self, part_id: UUID) -> Path:
        return self._parts / part_id.hex

    def _open_part(self, blob_id: UUID, flags: int) -> FileIO:
        descriptor = os.open(self._part(blob_id), os.O_RDWR | os.O_CLOEXEC | flags, PRIVATE_FILE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise PartBusy from None
        return FileIO(descriptor, "r+")

    def _move_in(self, source: Path, blob_id: UUID) -> None:
        target = self._blob(blob_id)
        self._make_lasting(target.parent)
        source.rename(target)
        sync_folder(target.parent)

    def _make_lasting(self, folder: Path) -> None:
        """Fsync the name of `folder`, once per process: another may have made it without having done so yet."""
        if folder in self._lasting:
            return
        make_folder(folder)
        above = folder
        while above != self._folder:
            above = above.parent
            sync_folder(above)
        self._lasting.add(folder)


def _named_in(folder: Path, first: str) -> list[Path]:
    """What is in `folder`, in order, from the name `first` on. A folder that isn't there has nothing in it."""
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        return []
    return [folder / name for name in sorted(names) if name >= first]


def _written(path: Path) -> float | None:
    """When it was last written (seconds since 1970); None if it has gone since it was listed."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return None
