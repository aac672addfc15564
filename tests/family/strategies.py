"""Dates and ages of every kind, for Hypothesis."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from beside.family.ages import Age, Said, Unit
from beside.family.dates import SEASONS, THIRDS, Kind, NoDate, Part, Point, When

# Babel writes an earlier year with fewer than four digits, which nobody types.
FIRST, LAST = date(1000, 1, 1), date(2199, 12, 31)


def days() -> st.SearchStrategy[date]:
    return st.dates(FIRST, LAST)


@st.composite
def points(draw, *, signed: bool = True, decades: bool = True) -> Point:
    day, grain = draw(days()), draw(st.sampled_from(("year", "season", "month", "day", "decade")))
    about, perhaps = draw(st.tuples(st.booleans(), st.booleans())) if signed else (False, False)
    more = {"about": about, "perhaps": perhaps}
    if grain == "decade" and decades:
        return Point(day.year // 10 * 10, is_decade=True, **more)
    month = {"season": draw(st.sampled_from(SEASONS)), "month": day.month, "day": day.month}
    return Point(day.year, month.get(grain, 0), day.day if grain == "day" else 0, **more)


@st.composite
def whens(draw) -> When:
    kind = draw(st.sampled_from(Kind))
    if kind == Kind.UNKNOWN:
        return When(kind)
    if kind == Kind.AT:
        point = draw(points())
        part = draw(st.sampled_from((Part.WHOLE, *THIRDS)))
        try:
            return When(kind, first=point, part=part)
        except NoDate:
            return When(kind, first=point)
    one, other = (draw(points(signed=False, decades=False)) for _ in range(2))
    if kind == Kind.BEFORE:
        return When(kind, last=one)
    if kind == Kind.AFTER:
        return When(kind, first=one)
    first, last = sorted((one, other), key=Point.bounds)
    return When(kind, first, last, draw(st.sampled_from((Part.WHOLE, Part.LASTED))))


@st.composite
def ages(draw) -> Age:
    said, unit = draw(st.sampled_from(Said)), draw(st.sampled_from(Unit))
    if said == Said.IN:
        unit = draw(st.sampled_from((Unit.WEEK, Unit.MONTH)))
    with_days = unit == Unit.WEEK and said in (Said.AT, Said.BARE)
    return Age(said, draw(st.integers(1, 999)), unit, draw(st.integers(0, 6)) if with_days else 0)
