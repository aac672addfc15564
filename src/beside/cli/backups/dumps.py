"""Dumps of the database, each sealed with its own key, which only the keyring's backup holds.

The words of a letter are not encrypted in the database. So each dump is noise once its key is dropped
from the keyring, 35 days after it was made. A dump holds no photograph's key, and nobody's session.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import FileIO
from pathlib import Path
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection

from beside.index import full_text
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
# What must never come back from a dump: keys, sessions, ways in that were ended since, and mails that were sent since. The index is made anew, so that no
# dump has a word longer than the letter that it was in.
_LEFT_OUT = (
    "access_consent WHERE session_id IS NOT NULL",
    "index_text",
    "notices_outgoingmail",
    "notices_pushsubscription",
    "posts_sharelinkdevice",
    "people_guesscounter",
    "people_knowndevice",
    "people_session",
    "photos_hold",
    "photos_authorkey",
    "socialaccount_socialaccount",
    "socialaccount_socialtoken",
    "rate_limits",
)


class NotSQLite(Exception):
    """Dumps are made of SQLite only; other databases have their own tools."""

    def __init__(self) -> None:
        super().__init__(
            "beside backup and beside restore are for SQLite, and this place is on another database. Nothing was"
            " done. With PostgreSQL, pg_dump copies the tables, and the data folder has the files and the"
            " keyring; docs/hosting.md says in which order."
        )


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


def require_sqlite() -> None:
    """Raise `NotSQLite` on any other database, before anything is written."""
    if connection.vendor != "sqlite":
        raise NotSQLite


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
        name, key = DumpName(at.replace(microsecond=0), uuid4()), fresh_key()
        draft = self._folder / f".{name}"
        try:
            with _snapshot(scratch) as plain:
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


@contextmanager
def _snapshot(scratch: Path) -> Iterator[Path]:
    """A snapshot of the database without what must not come back, deleted when this ends."""
    plain = scratch / f"snapshot-{uuid4().hex}"
    try:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(plain)])
        with closing(sqlite3.connect(plain)) as copy, copy:
            copy.execute("PRAGMA secure_delete = ON")
            for table in _LEFT_OUT:
                copy.execute(f"DELETE FROM {table}")  # noqa: S608
            copy.execute(full_text.EMPTY_IT)
        yield plain
    finally:
        plain.unlink(missing_ok=True)
        plain.with_name(f"{plain.name}-journal").unlink(missing_ok=True)
