"""How far a move has come, in a file in the data folder, so that the same command goes on."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from beside.photos.vault.durable import overwrite, sync_folder


class Progress:
    """What one move has done: to this database, or to none, and to this store and keyring. A record of another one counts as none."""

    def __init__(self, data: Path, database: str, store: str, keyring: str) -> None:
        self._file = data / "moving"
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
        return "switching" in self._read()

    def switch(self) -> None:
        """Record that, before it happens."""
        self._write(switching="now")

    def is_handed_over(self) -> bool:
        """Whether the keys are where they belong, and only the database may still be set aside."""
        return "handed over" in self._read()

    def hand_over(self) -> None:
        """Record that."""
        self._write(switching="now", **{"handed over": "now"})

    def forget(self) -> None:
        """The move is over, or its switching was undone."""
        self._file.unlink(missing_ok=True)
        sync_folder(self._file.parent)

    def _write(self, **what: str) -> None:
        overwrite(self._file, json.dumps(what | {"to": self._to}).encode())

    def _read(self) -> dict[str, str]:
        try:
            written: dict[str, str] = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return written if written.get("to") == self._to else {}
