"""How far a move has come, so that the same command goes on: in a file in the data folder, and on PostgreSQL with the rows.

A container's data folder may be gone with it; so whether a place that is set aside may go on counts as the rows say.
"""

from __future__ import annotations

import json
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from django.db import DatabaseError

from beside.cli.moving.sources import Source
from beside.photos.vault.durable import make_folder, overwrite, sync_folder


class Progress:
    """What one move has done: to this database, or to none, and to this store and keyring. A record of another one counts as none."""

    def __init__(
        self, data: Path, source: Source, *, database: str, store: str, keyring: str
    ) -> None:
        self._file, self._source = data / "moving", source
        self._was_handed_over = False
        address = urlsplit(database)
        # Without the password.
        where = [address.scheme, address.hostname, address.port, address.path, store, keyring]
        self._to = sha256(json.dumps(where).encode()).hexdigest()

    def until(self) -> UUID | None:
        """The file up to which all were copied and compared, if any were."""
        until = self._read().get("until")
        return UUID(until) if until else None

    def remember(self, blob_id: UUID) -> None:
        """Record that every file up to this one is there."""
        self._write(**self._read() | {"until": blob_id.hex})

    def is_switching(self) -> bool:
        """Whether this move has come to where the old database is set aside."""
        return "switching" in self._state()

    def switch(self) -> None:
        """Record that, before it happens."""
        self._source.note(self._write(switching="now"))

    def is_handed_over(self) -> bool:
        """Whether the keys are where they belong, and only the database may still be set aside."""
        return self._was_handed_over or "handed over" in self._state()

    def hand_over(self) -> None:
        """Record that."""
        said = self._write(switching="now", **{"handed over": "now"})
        self._source.note(said, at_once=True)
        # A connection that has failed since doesn't say it any more.
        self._was_handed_over = True

    def forget(self) -> None:
        """The move is over, or its switching was undone."""
        self._was_handed_over = False
        # Where that fails, the same command goes on, and finds nothing left to do.
        with suppress(DatabaseError):
            self._source.note("", at_once=True)
        self._file.unlink(missing_ok=True)
        sync_folder(self._file.parent)

    def _write(self, **what: str) -> str:
        said = json.dumps(what | {"to": self._to})
        make_folder(self._file.parent.resolve())
        overwrite(self._file, said.encode())
        return said

    def _state(self) -> dict[str, str]:
        """What is recorded with the rows, and only where nothing is, in the file."""
        noted = self._source.noted()
        return self._ours(noted) if noted else self._read()

    def _read(self) -> dict[str, str]:
        try:
            return self._ours(self._file.read_text("utf-8"))
        except (OSError, UnicodeDecodeError):
            return {}

    def _ours(self, said: str) -> dict[str, str]:
        try:
            written: dict[str, str] = json.loads(said)
        except ValueError:
            return {}
        return written if written.get("to") == self._to else {}
