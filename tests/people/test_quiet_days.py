from __future__ import annotations

from datetime import timedelta

import pytest

from beside.people import quiet_days
from beside.people.quiet_days import HowLong
from tests.cast import NOW


@pytest.mark.parametrize(
    ("how_long", "days"), [(HowLong.DAY, 1), (HowLong.WEEK, 7), (HowLong.MONTH, 30)]
)
def test_quiet_days_end_by_themselves(cast, how_long, days):
    quiet_days.begin(cast.tom, how_long, at=NOW)

    ends_at = NOW + timedelta(days=days)
    assert quiet_days.until(cast.tom, at=ends_at - timedelta(seconds=1)) == ends_at
    assert quiet_days.until(cast.tom, at=ends_at) is None


def test_without_a_day_they_last_until_they_are_ended(cast):
    quiet_days.begin(cast.tom, HowLong.UNTIL_I_SAY, at=NOW)
    years_later = NOW + timedelta(days=3650)
    ends_at = quiet_days.until(cast.tom, at=years_later)

    quiet_days.end(cast.tom)

    assert quiet_days.is_without_end(ends_at, at=years_later)
    assert quiet_days.until(cast.tom, at=NOW) is None


def test_each_rests_alone(cast):
    quiet_days.begin(cast.tom, HowLong.DAY, at=NOW)

    assert quiet_days.resting(cast, at=NOW) == {cast.tom.pk}
