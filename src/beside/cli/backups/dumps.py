"""Dumps of the database, each sealed with its own key, which only the keyring's backup holds.

The words of a letter are not encrypted in the database. So each dump is noise once its key is dropped
from the keyring, 35 days after it was made. A dump holds no photograph's key, and nobody's session.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import FileIO
from pathlib import Path
from typing import NamedTuple, Protocol
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from beside.cli.backups.refusals import writing_to
from beside.cli.backups.snapshots import snapshot
from beside.cli.verification.faults import Fault
from beside.photos.vault.root import Root, derive
from beside.photos.vault.sealing import (
    SEGMENT_BYTES,
    BlobAltered,
    Identity,
    SegmentWriter,
    read_segments,
)
from beside.photos.vault.store import Readable
from beside.photos.vault.wrapping import KeyDoesNotOpen, fresh_key, unwrap, wrap

KEPT_FOR = timedelta(days=35)
_MOMENT = "%Y%m%dT%H%M%SZ"


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

    @classmethod
    def is_one(cls, text: str) -> bool:
        """Whether `text` names a dump."""
        try:
            return str(cls.parse(text)) == text
        except ValueError:
            return False


class NoDump(Exception):
    """No dump can be opened, or not the one that was named."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"No dump in {where} can be opened: it is missing, or its key was dropped"
            " after 35 days."
        )


class DumpDiffers(Exception):
    """The bucket doesn't give back the dump that was written to it."""

    def __init__(self, where: str) -> None:
        super().__init__(f"{where} reads back another dump than was written to it, twice.")


class DumpFiles(Protocol):
    """Where sealed dumps are kept, by name: in a folder, or in a bucket."""

    where: str

    def names(self) -> list[str]:
        """Those that are there whole."""

    def draft(self, name: str, *, scratch: Path) -> AbstractContextManager[Path]:
        """A file to seal a dump into, which is gone when this ends unless it was taken in."""

    def take_in(self, draft: Path, name: str) -> None:
        """Keep the draft under that name, to last and to be found."""

    def can_be_read(self, name: str) -> bool:
        """Whether all of it can be."""

    def open(self, name: str) -> Readable:
        """Read it from its beginning. Raises `FileNotFoundError`."""

    def delete(self, name: str) -> None:
        """Delete it, if it is there."""


def names_in(files: DumpFiles) -> list[DumpName]:
    """Every dump's name. What is called otherwise is somebody else's."""
    return [DumpName.parse(name) for name in files.names() if DumpName.is_one(name)]


class Opened(NamedTuple):
    """Which dump was opened, and what is wrong with newer ones."""

    name: DumpName
    faults: list[Fault]


class Dumps:
    """The dumps in `files`, with their keys, wrapped under a key derived from the root key."""

    def __init__(self, files: DumpFiles, root: Root, instance: UUID) -> None:
        self._files = files
        self._cipher = AESGCM(derive(root, "dump"))
        self._instance = instance

    def names(self) -> list[DumpName]:
        """The names of the complete dumps, newest first."""
        return sorted(names_in(self._files), reverse=True)

    @contextmanager
    def writing(self, *, at: datetime, scratch: Path) -> Iterator[tuple[DumpName, bytes]]:
        """A dump of now, sealed when this yields its name and wrapped key, and to be found only after.

        In between, what it needs is put beside it. The plain copy exists only in `scratch`, the data folder.
        """
        name, key = DumpName(at.replace(microsecond=0), uuid4()), fresh_key()
        with self._files.draft(str(name), scratch=scratch) as draft:
            with snapshot(scratch) as plain:
                self._seal(plain, draft, key=key, name=name)
            yield name, wrap(self._cipher, key, self._bound(name))
            self._files.take_in(draft, str(name))

    def open_newest(
        self, keys: Mapping[str, bytes], target: Path, *, snapshot: str | None = None
    ) -> Opened:
        """Write the newest dump that opens by one of `keys`, or the one named `snapshot`, to `target`. Raises `NoDump`."""
        faults: list[Fault] = []
        for name in self.names():
            if snapshot and str(name) != snapshot:
                continue
            try:
                if str(name) in keys and self._files.can_be_read(str(name)):
                    with writing_to(target.parent):
                        self.open(name, keys[str(name)], target)
                    return Opened(name, faults)
                says = "Its key is not in the keyring, or its disk doesn't give all of it."
                faults.append(Fault(f"dump {name}", says))
            except DumpAltered as altered:
                faults.append(Fault(f"dump {name}", str(altered)))
        raise NoDump(self._files.where)

    def open(self, name: DumpName, wrapped: bytes, target: Path) -> None:
        """Write the database of `name` to `target`. Raises `DumpAltered`, leaving no `target` behind."""
        try:
            key = unwrap(self._cipher, wrapped, self._bound(name))
            with closing(self._files.open(str(name))) as sealed, target.open("xb") as plain:
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
                self._files.delete(str(name))

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
