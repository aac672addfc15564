from __future__ import annotations

from datetime import date, timedelta

import pytest
from edtf import parse_edtf
from hypothesis import assume, given
from hypothesis import strategies as st

from beside.family import dates
from beside.family.dates import SEASONS, WINTER, Kind, NoDate, Part, Point, When, from_text
from tests.family.strategies import days, points, whens


@given(whens())
def test_a_date_is_what_its_text_says(when):
    assert from_text(when.text(), when.part) == when
    assert len(when.text()) <= dates.LONGEST


# The library can't read a season with a sign, ends winter with December, and reads ".." and "unknown" in ways of its own.
@given(points())
def test_the_edtf_library_reads_the_same_days(point):
    assume(not (point.is_season and (point.about or point.perhaps)))
    oracle = parse_edtf(point.text())
    first, last = point.bounds()

    assert tuple(oracle.lower_strict()[:3]) == (first.year, first.month, first.day)
    if point.month != WINTER:
        assert tuple(oracle.upper_strict()[:3]) == (last.year, last.month, last.day)


@given(points(signed=False, decades=False), points(signed=False, decades=False))
def test_the_edtf_library_reads_the_same_intervals(one, other):
    assume(WINTER not in (one.month, other.month))
    try:
        when = When(Kind.BETWEEN, one, other)
    except NoDate:
        assert other.bounds()[1] < one.bounds()[0]
        return
    oracle, (first, last) = parse_edtf(when.text()), when.bounds()

    assert tuple(oracle.lower_strict()[:3]) == (first.year, first.month, first.day)
    assert tuple(oracle.upper_strict()[:3]) == (last.year, last.month, last.day)


@pytest.mark.thorough
@given(points(), points())
def test_dates_are_sorted_as_the_edtf_library_sorts_them(one, other):
    signed = any(each.is_season and (each.about or each.perhaps) for each in (one, other))
    assume(not signed)
    first, second = (parse_edtf(each.text()) for each in (one, other))
    assume(first.lower_strict() != second.lower_strict())

    mine = dates.at(one).sort_key() < dates.at(other).sort_key()
    assert mine == (first.lower_strict() < second.lower_strict())


@given(whens(), st.booleans())
def test_bounds_are_in_order_and_a_part_lies_within_the_whole(when, southern):
    first, last = when.bounds(southern=southern)

    assert first is None or last is None or first <= last
    if when.part in dates.THIRDS:
        whole = When(when.kind, when.first, when.last).bounds(southern=southern)
        assert whole[0] <= first <= last <= whole[1]


@given(points(decades=False), days(), st.booleans())
def test_what_was_before_stands_ahead_and_what_was_after_behind(point, day, southern):
    point = Point(point.year, point.month, point.day)
    first, last = point.bounds(southern=southern)
    before, after = When(Kind.BEFORE, last=point), When(Kind.AFTER, first=point)
    key = dates.at(Point(day.year, day.month, day.day)).sort_key()

    assert (before.sort_key(southern=southern) < key) == (first <= day)
    assert (key < after.sort_key(southern=southern)) == (day <= last)


def test_thirds_meet():
    for year in ("2024", "2024-02", "2024-24"):
        early, mid, late = (from_text(year, part).bounds() for part in dates.THIRDS)

        assert early[1] + timedelta(days=1) == mid[0]
        assert mid[1] + timedelta(days=1) == late[0]
        assert (early[0], late[1]) == from_text(year).bounds()


def test_seasons_are_those_of_the_familys_half_of_the_world():
    summer = from_text("2014-22")

    assert summer.bounds() == (date(2014, 6, 1), date(2014, 8, 31))
    assert summer.bounds(southern=True) == (date(2014, 12, 1), date(2015, 2, 28))


def test_a_family_stands_in_its_order():
    texts = ["XXXX", "2025-23", "2024-03-14", "../2014", "2014-22", "2022", "2019-11-21", "2024-10"]
    ordered = sorted(map(from_text, texts), key=When.sort_key)

    assert [when.text() for when in ordered] == [
        *("../2014", "2014-22", "2019-11-21", "2022", "2024-03-14", "2024-10", "2025-23", "XXXX")
    ]


@pytest.mark.parametrize(
    "text",
    [
        *("", "0000", "2023-02-29", "2024-13", "2024-00", "2024-04-31", "2024-20", "2024-25"),
        *("2024-21-01", "24", "-2024", "Y12024", "20XX", "2024-XX", "2012-XX-01", "201X-05"),
        *("2012/2010", "/2012", "2012/", "2010~/2012", "../..", "/", "2012/2013/2014", "2012?~"),
        *("9999-24", "2024-03-14T10:00", "٢٠٢٤", "2024\n", " 2024", "2" * 10_000),
    ],
)
def test_what_is_no_date_of_ours_is_refused(text):
    with pytest.raises(NoDate):
        from_text(text)


@pytest.mark.parametrize(("text", "part"), [
    ("2024-03-14", "early"), ("201X", "mid"), ("2024~", "late"), ("2024", "lasted"),
    ("2024/2025", "early"), ("XXXX", "early"),
])  # fmt: skip
def test_only_a_year_a_season_or_a_month_has_parts(text, part):
    with pytest.raises(NoDate):
        from_text(text, part)


def test_every_season_has_its_months():
    months = [Point(2024, season).bounds()[0].month for season in SEASONS]

    assert months == [3, 6, 9, 12]
    assert When(Kind.AT, Point(2024), part=Part.WHOLE).bounds()[1] == date(2024, 12, 31)
