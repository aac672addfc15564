"""Which version last set the place up. Read before Django is loaded."""

from __future__ import annotations

from pathlib import Path

from beside import version

# How a worker ends where a later version is on the tables that doesn't let this one run.
MAY_NOT_RUN = 78


def was_prepared(data: Path) -> bool:
    """Whether this version set up the tables and files that are there."""
    try:
        return _file(data).read_text("ascii") == version()
    except FileNotFoundError:
        return False


def remember_prepared(data: Path) -> None:
    """Record that this version did, unless that is known: on a full disk there is no room to write it again."""
    if not was_prepared(data):
        _file(data).write_text(version(), "ascii")


def _file(data: Path) -> Path:
    return data / "prepared-by"
