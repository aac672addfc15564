"""How far a verification has come, kept in the data folder, so that one that was stopped can go on."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from beside.photos.vault.durable import overwrite


@dataclass
class Progress:
    """The last file and the last photograph that were checked, as hexadecimal ids, and what was found until then."""

    file: str = ""
    photograph: str = ""
    faults: int = 0
    leftovers: int = 0

    @classmethod
    def of(cls, data: Path) -> Self | None:
        """That of the run that was stopped last; None if none was, or its record can't be read."""
        try:
            said = json.loads(_record(data).read_text("utf-8"))
            file, photograph = str(said["file"]), str(said["photograph"])
            return cls(file, photograph, int(said["faults"]), int(said["leftovers"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, data: Path) -> None:
        """Write it down, if the data folder can be written to."""
        with suppress(OSError):
            overwrite(_record(data), json.dumps(asdict(self)).encode())


def forget(data: Path) -> None:
    """Forget how far a run has come, as it has come to its end."""
    with suppress(OSError):
        _record(data).unlink(missing_ok=True)


def _record(data: Path) -> Path:
    return data / "verifying.json"
