"""Ages as people know them: "at 31 weeks", "in the 31st week", "four days old". None is turned into another.

Somebody who is in the 31st week has completed 30 of them, so the two are different things to say, and an age from the
beginning of a pregnancy isn't one from a birth. So an age keeps which words it was said in, and nothing is calculated from it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import TextChoices

LONGEST = 12
HIGHEST = 999
_TEXT = re.compile(r"(at|in|old|bare):([1-9][0-9]{0,2})([dwmy])(?:\+([1-6]))?")


class NoAge(ValueError):
    """The text isn't one of ours."""


class Said(TextChoices):
    """In which words."""

    AT = "at"  # at 31 weeks
    IN = "in"  # in the 31st week
    OLD = "old"  # 31 weeks old
    BARE = "bare"  # 31 weeks


class Unit(TextChoices):
    """What is counted."""

    DAY = "d"
    WEEK = "w"
    MONTH = "m"
    YEAR = "y"


@dataclass(frozen=True, slots=True)
class Age:
    """A number of units, and of a pregnancy's weeks perhaps some days more (`days`, up to six)."""

    said: Said
    number: int
    unit: Unit
    days: int = 0

    def __post_init__(self) -> None:
        """Raises `NoAge`."""
        with_days = self.unit == Unit.WEEK and self.said in (Said.AT, Said.BARE)
        if not 1 <= self.number <= HIGHEST or not 0 <= self.days <= (6 if with_days else 0):
            raise NoAge

    def text(self) -> str:
        """As it is kept: "at:31w", "at:31w+4"."""
        more = f"+{self.days}" if self.days else ""
        return f"{self.said}:{self.number}{self.unit}{more}"


def from_text(text: str) -> Age:
    """The age that `Age.text` says. Raises `NoAge`."""
    found = _TEXT.fullmatch(text)
    if found is None:
        raise NoAge
    return Age(Said(found[1]), int(found[2]), Unit(found[3]), int(found[4] or 0))
