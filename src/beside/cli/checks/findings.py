"""The result of one check: what was found, and how to fix it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class How(StrEnum):
    """NOTE is worth knowing but harmless today; WRONG should be fixed."""

    WELL = "well"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """`says` is a sentence; `mend` is another, empty if there is nothing to do."""

    about: str
    how: How
    says: str
    mend: str = ""


def well(about: str, says: str) -> Finding:
    """All is well."""
    return Finding(about, How.WELL, says)


def note(about: str, says: str, mend: str) -> Finding:
    """Worth knowing."""
    return Finding(about, How.NOTE, says, mend)


def wrong(about: str, says: str, mend: str) -> Finding:
    """Should be fixed."""
    return Finding(about, How.WRONG, says, mend)
