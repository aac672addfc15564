"""Which version prepared a place last. It is asked before Django is loaded."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path


def was_prepared(data: Path) -> bool:
    """Whether this version has made the tables and files that are there."""
    try:
        return _file(data).read_text("ascii") == version("beside")
    except FileNotFoundError:
        return False


def remember_prepared(data: Path) -> None:
    """Write down that this version has."""
    _file(data).write_text(version("beside"), "ascii")


def _file(data: Path) -> Path:
    return data / "prepared-by"
