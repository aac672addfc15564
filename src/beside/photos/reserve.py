"""The room that is kept aside on the disk of the data folder. Nothing here needs Django, so `serve` can use it first."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

RESERVE_BYTES = 16 * 1024 * 1024
# Below this, SQLite may find no room for the files that it needs even to begin reading.
LEAST_BYTES = RESERVE_BYTES // 4


def free(data: Path) -> int:
    """How many bytes more the disk of the data folder takes."""
    return shutil.disk_usage(data).free


def has_room_to_add(data: Path) -> bool:
    """Whether photographs may still be added.

    As much as was kept aside stays free of them, so that what was given up is there for starting, signing in, closing,
    taking back and destroying.
    """
    return free(data) >= RESERVE_BYTES


def set_aside(data: Path) -> None:
    """Keep the reserve, unless it's kept already, or the disk is so full that others need the room more."""
    kept_aside = file(data)
    if kept_aside.exists() or free(data) < 4 * RESERVE_BYTES:
        return
    # Random, and written: a file system that compresses, or leaves holes, would keep nothing aside.
    with kept_aside.open("xb") as kept:
        for _written in range(RESERVE_BYTES // (1 << 20)):
            kept.write(os.urandom(1 << 20))


def give_up_if_needed(data: Path) -> bool:
    """Give up the reserve if next to nothing is free besides. Returns whether that was done now."""
    return file(data).exists() and free(data) < LEAST_BYTES and give_up(data)


def give_up(data: Path) -> bool:
    """Give up the reserve; False where none is kept."""
    try:
        file(data).unlink()
    except FileNotFoundError:
        return False
    return True


def file(data: Path) -> Path:
    """Where it is kept."""
    return data / "reserve"
