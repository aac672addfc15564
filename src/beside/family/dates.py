"""Dates as people know them: a year, a month, a season or a day; about, perhaps, before, after, between, or unknown.

The text of one is EDTF (ISO 8601-2), levels 0 to 1, as far as people say it: years 1 to 9999, a decade ("201X"), no
sign within an interval, and no other unknown digits. What EDTF has no sign for on these levels is beside the text:
`Part` says "early in 2022". A date is a date: it has no hour and no time zone.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta

from django.db.models import TextChoices

LONGEST = 24
# As EDTF numbers them, by the month in which each begins in the north.
SPRING, SUMMER, AUTUMN, WINTER = SEASONS = (21, 22, 23, 24)
_BEGINS_NORTH = {SPRING: 3, SUMMER: 6, AUTUMN: 9, WINTER: 12}
_BEGINS_SOUTH = {SPRING: 9, SUMMER: 12, AUTUMN: 3, WINTER: 6}
_POINT = re.compile(
    r"(?P<year>[0-9]{4}|[0-9]{3}X)(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?(?P<sign>[?~%]?)"
)
UNKNOWN_TEXT = "XXXX"
_SIGNS = {"": (False, False), "~": (True, False), "?": (False, True), "%": (True, True)}


class NoDate(ValueError):
    """No such day exists, or the text isn't one of ours."""


class Kind(TextChoices):
    """What a date says of its one or two points."""

    AT = "at"
    BETWEEN = "between"
    BEFORE = "before"
    AFTER = "after"
    UNKNOWN = "unknown"


class Part(TextChoices):
    """Which third of a year, a season or a month is meant; or that something lasted from the first to the last point."""

    WHOLE = ""
    EARLY = "early"
    MID = "mid"
    LATE = "late"
    LASTED = "lasted"


THIRDS = (Part.EARLY, Part.MID, Part.LATE)


@dataclass(frozen=True, slots=True)
class Point:
    """A year, and perhaps a month or season (`SEASONS`) and a day. Of a decade, the year is its first."""

    year: int
    month: int = 0
    day: int = 0
    is_decade: bool = False
    about: bool = False
    perhaps: bool = False

    def __post_init__(self) -> None:
        """Raises `NoDate`."""
        if not (1 <= self.year <= MAXYEAR and _fits(self)):
            raise NoDate

    @property
    def is_season(self) -> bool:
        return self.month in SEASONS

    def text(self) -> str:
        """As EDTF."""
        year = f"{self.year:04}"
        parts = [f"{year[:3]}X" if self.is_decade else year]
        parts += [f"{one:02}" for one in (self.month, self.day) if one]
        sign = next(sign for sign, both in _SIGNS.items() if both == (self.about, self.perhaps))
        return "-".join(parts) + sign

    def bounds(self, *, southern: bool = False) -> tuple[date, date]:
        """Its first and its last possible day. A season that begins in December ends in the next year."""
        if self.is_decade:
            return date(self.year, 1, 1), date(self.year + 9, 12, 31)
        if self.is_season:
            begins = (_BEGINS_SOUTH if southern else _BEGINS_NORTH)[self.month]
            return date(self.year, begins, 1), _last_day(self.year, begins + 2)
        if not self.month:
            return date(self.year, 1, 1), date(self.year, 12, 31)
        if not self.day:
            return date(self.year, self.month, 1), _last_day(self.year, self.month)
        return date(self.year, self.month, self.day), date(self.year, self.month, self.day)


@dataclass(frozen=True, slots=True)
class When:
    """A date as it is known. `first` is its point; "before" has only a `last`, and "between" has both."""

    kind: Kind
    first: Point | None = None
    last: Point | None = None
    part: Part = Part.WHOLE

    def __post_init__(self) -> None:
        """Raises `NoDate` where the points aren't those of its kind, or the second is before the first."""
        there = (self.first is not None, self.last is not None)
        if there != _POINTS[self.kind]:
            raise NoDate
        if self.first and self.last and self.last.bounds()[1] < self.first.bounds()[0]:
            raise NoDate
        if not (self._has_no_sign_within() and self._has_its_part()):
            raise NoDate

    def _has_no_sign_within(self) -> bool:
        points = [one for one in (self.first, self.last) if one]
        return self.kind == Kind.AT or not any(_signed(one) for one in points)

    def _has_its_part(self) -> bool:
        if self.part == Part.LASTED:
            return self.kind == Kind.BETWEEN
        if self.part:
            one = self.first
            return self.kind == Kind.AT and one is not None and not (_signed(one) or one.day)
        return True

    def text(self) -> str:
        """As EDTF, without its `part`."""
        if self.kind == Kind.UNKNOWN:
            return UNKNOWN_TEXT
        if self.kind == Kind.AT:
            assert self.first is not None
            return self.first.text()
        return "/".join(one.text() if one else ".." for one in (self.first, self.last))

    def bounds(self, *, southern: bool = False) -> tuple[date | None, date | None]:
        """Its first and last possible day; None where it has no such bound. "About" doesn't make it wider."""
        first = self.first.bounds(southern=southern) if self.first else None
        last = self.last.bounds(southern=southern) if self.last else None
        if self.kind == Kind.AT and first is not None:
            return _third(*first, self.part)
        return first[0] if first else None, last[1] if last else None

    def sort_key(self, *, southern: bool = False) -> tuple[int, int, int]:
        """Its place among dates: by the first possible day, and of two with the same one by the last.

        "Before 2012" stands directly ahead of 2012, and "after 2012" directly behind it, as the day of something that
        happened once. An unknown date is behind all others.
        """
        if self.kind == Kind.UNKNOWN:
            return date.max.toordinal(), 2, 0
        if self.kind == Kind.BEFORE and self.last:
            day = self.last.bounds(southern=southern)[0].toordinal()
            return day, -1, day
        if self.kind == Kind.AFTER and self.first:
            day = self.first.bounds(southern=southern)[1].toordinal()
            return day, 1, day
        first, last = self.bounds(southern=southern)
        assert first is not None
        assert last is not None
        return first.toordinal(), 0, last.toordinal()


_POINTS = {
    Kind.AT: (True, False),
    Kind.BETWEEN: (True, True),
    Kind.BEFORE: (False, True),
    Kind.AFTER: (True, False),
    Kind.UNKNOWN: (False, False),
}


def at(point: Point, part: Part = Part.WHOLE) -> When:
    """The date that is this point."""
    return When(Kind.AT, first=point, part=part)


def from_text(text: str, part: str = "") -> When:
    """The date that `When.text` and its part say. Raises `NoDate`, also for EDTF of kinds that aren't ours."""
    if len(text) > LONGEST:
        raise NoDate
    if text == UNKNOWN_TEXT:
        return When(Kind.UNKNOWN, part=Part(part))
    first, slash, last = text.partition("/")
    if not slash:
        return at(_point(first), Part(part))
    if first == "..":
        return When(Kind.BEFORE, last=_point(last), part=Part(part))
    if last == "..":
        return When(Kind.AFTER, first=_point(first), part=Part(part))
    return When(Kind.BETWEEN, _point(first), _point(last), Part(part))


def _point(text: str) -> Point:
    found = _POINT.fullmatch(text)
    if found is None:
        raise NoDate
    about, perhaps = _SIGNS[found["sign"]]
    # A month or day that is there isn't zero.
    finer = [int(found[name]) for name in ("month", "day") if found[name]]
    if 0 in finer:
        raise NoDate
    month, day = (*finer, 0, 0)[:2]
    is_decade = found["year"].endswith("X")
    return Point(int(found["year"].replace("X", "0")), month, day, is_decade, about, perhaps)


def _fits(point: Point) -> bool:
    if point.is_decade:
        return point.year % 10 == 0 and not (point.month or point.day)
    if point.is_season:
        # One that goes on into the next year needs one.
        return not point.day and point.year < MAXYEAR
    if not point.month:
        return not point.day
    if not 1 <= point.month <= 12:
        return False
    return 0 <= point.day <= monthrange(point.year, point.month)[1]


def _signed(point: Point) -> bool:
    return point.is_decade or point.about or point.perhaps


def _last_day(year: int, month: int) -> date:
    year, month = (year, month) if month <= 12 else (year + 1, month - 12)
    return date(year, month, monthrange(year, month)[1])


def _third(first: date, last: date, part: Part) -> tuple[date, date]:
    """A third of the days from `first` to `last`; of a year or a season, whole months come close enough to it."""
    if part not in THIRDS:
        return first, last
    third = ((last - first).days + 1) // 3
    number = THIRDS.index(part)
    begins = first + timedelta(days=number * third)
    return begins, last if part == Part.LATE else begins + timedelta(days=third - 1)
