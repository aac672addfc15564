"""Dumps of the database, each sealed with its own key, which only the keyring's backup holds.

The words of a letter are not encrypted in the database. So each dump is noise once its key is dropped
from the keyring, 35 days after it was made. A dump holds no photograph's key, and nobody's session.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import FileIO
from pathlib import Path
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from beside.cli.backups.snapshots import snapshot
from beside.photos.vault.durable import make_folder, sync_folder
from beside.photos.vault.root import Root, derive
from beside.photos.vault.sealing import (
    SEGMENT_BYTES,
    BlobAltered,
    Identity,
    SegmentWriter,
    read_segments,
)
from beside.photos.vault.wrapping import KeyDoesNotOpen, fresh_key, unwrap, wrap

KEPT_FOR = timedelta(days=35)
_MOMENT = "%Y%m%dT%H%M%SZ"
_ENDING = ".dump"


class DumpAltered(Exception):
    """A dump can't be opened with its key."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The dump {name} has been altered since it was written.")


@dataclass(frozen=True, slots=True, order=True)
class DumpName:
    """When a dump was made, and its id. As text: its file name without the extension."""

    at: datetime
    id: UUID

    def __str__(self) -> str:
        return f"{self.at.strftime(_MOMENT)}-{self.id.hex}"

    @classmethod
    def parse(cls, text: str) -> DumpName:
        moment, _, hexed = text.partition("-")
        return cls(datetime.strptime(f"{moment}+0000", f"{_MOMENT}%z"), UUID(hexed))


class Dumps:
    """The dumps in `folder`, with their keys, wrapped under a key derived from the root key."""

    def __init__(self, folder: Path, root: Root, instance: UUID) -> None:
        self._folder = folder
        self._cipher = AESGCM(derive(root, "dump"))
        self._instance = instance

    def names(self) -> list[DumpName]:
        """The names of the complete dumps, newest first."""
        files = self._folder.glob(f"*{_ENDING}")
        return sorted((DumpName.parse(file.stem) for file in files), reverse=True)

    @contextmanager
    def writing(self, *, at: datetime, scratch: Path) -> Iterator[tuple[DumpName, bytes]]:
        """A dump of now, on disk when this yields its name and wrapped key, and to be found only after.

        In between, what it needs is put beside it. The plain copy exists only in `scratch`, the data folder.
        """
        make_folder(self._folder)
        self._clear()
        name, key = DumpName(at.replace(microsecond=0), uuid4()), fresh_key()
        draft = self._folder / f".{name}"
        try:
            with snapshot(scratch) as plain:
                self._seal(plain, draft, key=key, name=name)
            yield name, wrap(self._cipher, key, self._bound(name))
            draft.rename(self._folder / f"{name}{_ENDING}")
        finally:
            draft.unlink(missing_ok=True)
        sync_folder(self._folder)

    def open(self, name: DumpName, wrapped: bytes, target: Path) -> None:
        """Write the database of `name` to `target`. Raises `DumpAltered`, leaving no `target` behind."""
        try:
            key = unwrap(self._cipher, wrapped, self._bound(name))
            with FileIO(self._folder / f"{name}{_ENDING}") as sealed, target.open("xb") as plain:
                for piece in read_segments(sealed, key, self._identity(name)):
                    plain.write(piece)
                plain.flush()
                os.fsync(plain.fileno())
        except (KeyDoesNotOpen, BlobAltered, FileNotFoundError):
            target.unlink(missing_ok=True)
            raise DumpAltered(str(name)) from None

    def drop(self, *, before: datetime) -> None:
        """Delete the files of older dumps. Without their keys they are unreadable already."""
        for name in self.names():
            if name.at < before:
                (self._folder / f"{name}{_ENDING}").unlink(missing_ok=True)

    def _clear(self) -> None:
        """Remove what was half written when a backup was killed. Nobody else is writing here now."""
        for draft in self._folder.glob(".*"):
            draft.unlink(missing_ok=True)

    def _seal(self, plain: Path, draft: Path, *, key: bytes, name: DumpName) -> None:
        with plain.open("rb") as source, FileIO(draft, "x+") as target:
            writer = SegmentWriter(target, key, self._identity(name))
            while piece := source.read(SEGMENT_BYTES):
                writer.write(piece)
            writer.finish()

    def _identity(self, name: DumpName) -> Identity:
        return Identity(self._instance, name.id, name.id, "dump")

    def _bound(self, name: DumpName) -> bytes:
        return b"beside dump\x01" + self._instance.bytes + str(name).encode()
