"""That a move has come to the moment of switching, in a file in the data folder, so that the same command goes on."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from beside.photos.vault.durable import overwrite, sync_folder


class Progress:
    """What one move, to one database, has done. A record of another one counts as none."""

    def __init__(self, data: Path, database: str) -> None:
        self._file = data / "moving"
        address = urlsplit(database)
        # Without the password.
        where = [address.scheme, address.hostname, address.port, address.path]
        self._to = sha256(json.dumps(where).encode()).hexdigest()

    def is_switching(self) -> bool:
        """Whether this move has come to where the old database is set aside."""
        return "switching" in self._read()

    def switch(self) -> None:
        """Record that, before it happens."""
        overwrite(self._file, json.dumps({"switching": "now", "to": self._to}).encode())

    def forget(self) -> None:
        """The move is over."""
        self._file.unlink(missing_ok=True)
        sync_folder(self._file.parent)

    def _read(self) -> dict[str, str]:
        try:
            written: dict[str, str] = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return written if written.get("to") == self._to else {}
