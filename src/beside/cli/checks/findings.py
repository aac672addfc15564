"""The result of one check: what was found, and how to fix it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from beside.cli.failures import databases
from beside.cli.failures.sentences import sentence, where


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


def guarded(about: str, check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """What `check` finds. Whatever stops it is a finding too: nobody may be told that all is well who wasn't looked at."""
    try:
        yield from check()
    except Exception as stopped:  # noqa: BLE001  (a check that fails must not end the others)
        failure = databases.in_words(stopped, where=where())
        if failure is not None:
            yield wrong(about, failure.says, failure.mend)
        else:
            yield wrong(
                about,
                f"This couldn't be looked at: {sentence(stopped) or type(stopped).__name__}",
                "Mend what the other lines say first; with BESIDE_DEBUG=true any other command says more.",
            )
