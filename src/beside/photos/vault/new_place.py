"""Whether an empty data folder is to become a new place, or is one whose disk isn't mounted.

Where there is a root key, there was a place, unless the host says that a new one is meant: by a file in the data folder,
because a folder whose disk isn't mounted has none. The file goes once the place is made.
"""

from __future__ import annotations

from pathlib import Path

from beside.photos.vault.durable import PRIVATE_FOLDER, make_folder, overwrite
from beside.photos.vault.slots import Slots

_MEANT = "new-place"


class PlaceMissing(Exception):
    """There is a root key, and nothing that it opens."""

    def __init__(self, data: Path, key: Path) -> None:
        super().__init__(
            f"There is a root key at {key}, but the data folder {data} is empty or isn't there. Is its disk mounted?"
            " Nothing has been made. If this is to be a new place, say so, as the user that runs Beside:"
            f" mkdir -p {data} && touch {data / _MEANT}"
        )


def is_empty(data: Path, keyring: Slots) -> bool:
    """Whether there is neither a keyring nor a database in `data`."""
    return not (data / "beside.sqlite3").exists() and not keyring.exist()


def mean(data: Path) -> None:
    """Say that `data` is to become a new place."""
    make_folder(data.resolve())
    data.chmod(PRIVATE_FOLDER)
    overwrite(data / _MEANT, b"")


def is_missing(data: Path, key: Path, keyring: Slots) -> bool:
    """Whether there is a root key, but no place, and nobody has said that a new one is meant."""
    return key.exists() and not (data / _MEANT).exists() and is_empty(data, keyring)


def require_place(data: Path, key: Path, keyring: Slots) -> None:
    """Return only if there is a place, or a new one is meant. Raises `PlaceMissing`."""
    if is_missing(data, key, keyring):
        raise PlaceMissing(data, key)


def made(data: Path) -> None:
    """Record that there is a place now."""
    (data / _MEANT).unlink(missing_ok=True)
