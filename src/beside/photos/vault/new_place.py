"""Whether an empty data folder is to become a new place, or is one whose disk isn't mounted.

Where there is a root key, there was a place: tables in the database that the settings name. Without them nothing is made, unless the host
says that a new one is meant: by a file in the data folder, because a folder whose disk isn't mounted has none. The file goes once the place is made.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from beside.photos.vault.durable import PRIVATE_FOLDER, make_folder, overwrite
from beside.photos.vault.epoch import TWO
from beside.photos.vault.slots import Slots

_MEANT = "new-place"


class PlaceMissing(Exception):
    """There is a root key, and nothing that it opens."""

    def __init__(self, data: Path, key: Path) -> None:
        super().__init__(
            f"There is a root key at {key}, but no place in the data folder {data}. Is its disk mounted?"
            " Nothing has been made. If this is to be a new place, say so, as the user that runs Beside:"
            f" mkdir -p {data} && touch {data / _MEANT}"
        )


def has_tables(database: Path) -> bool:
    """Whether there is a SQLite file with tables: whatever opens one that isn't there makes an empty one.

    Changes nothing, and so reads past SQLite's log: where that holds anything, there are tables. A file that can't be read
    counts too, as whoever opens it says what is wrong with it.
    """
    if not database.exists():
        return False
    with suppress(FileNotFoundError):
        if database.with_name(f"{database.name}-wal").stat().st_size:
            return True
    try:
        with closing(
            sqlite3.connect(f"{database.absolute().as_uri()}?immutable=1", uri=True)
        ) as file:
            return bool(file.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    except sqlite3.Error:
        return True


def mean(data: Path) -> None:
    """Say that `data` is to become a new place."""
    make_folder(data.resolve())
    data.chmod(PRIVATE_FOLDER)
    overwrite(data / _MEANT, b"")


def is_meant(data: Path) -> bool:
    """Whether somebody has said so."""
    return (data / _MEANT).exists()


def is_missing(data: Path, key: Path, keyring: Slots) -> bool:
    """Whether there is a root key, but neither rows in `data` nor a keyring that was ever in use, and nobody has said that a new one is meant.

    Without a look into a database that is elsewhere, as `require_place` has it.
    """
    return (
        key.exists()
        and not (data / _MEANT).exists()
        and not has_tables(data / "beside.sqlite3")
        and keyring.read(TWO[1]) is None
    )


def require_place(data: Path, key: Path, *, has_rows: bool) -> None:
    """Return only if there is a place, or a new one is meant. Raises `PlaceMissing`.

    `has_rows` is whether the database that the settings name has tables. A keyring is no sign of a place: what has moved away or was
    never finished leaves its folder.
    """
    if not has_rows and key.exists() and not (data / _MEANT).exists():
        raise PlaceMissing(data, key)


def made(data: Path) -> None:
    """Record that there is a place now."""
    (data / _MEANT).unlink(missing_ok=True)
