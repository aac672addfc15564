"""One thing that was looked at, in words: how it is, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class How(StrEnum):
    """NOTE is worth knowing and costs nobody anything today; WRONG should be mended."""

    WELL = "well"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """`says` is a sentence; `mend` is another, empty where there is nothing to do."""

    about: str
    how: How
    says: str
    mend: str = ""


def well(about: str, says: str) -> Finding:
    """As it should be."""
    return Finding(about, How.WELL, says)


def note(about: str, says: str, mend: str) -> Finding:
    """Worth knowing."""
    return Finding(about, How.NOTE, says, mend)


def wrong(about: str, says: str, mend: str) -> Finding:
    """To be mended."""
    return Finding(about, How.WRONG, says, mend)
