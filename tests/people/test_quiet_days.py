from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from beside.people import accounts, quiet_days
from beside.people.quiet_days import HowLong
from tests.cast import NOW


@pytest.mark.parametrize(
    ("how_long", "ends_at"),
    [
        (HowLong.DAY, datetime(2026, 6, 17, tzinfo=UTC)),
        (HowLong.WEEK, datetime(2026, 6, 23, tzinfo=UTC)),
        (HowLong.MONTH, datetime(2026, 7, 16, tzinfo=UTC)),
    ],
)
def test_quiet_days_end_by_themselves_at_midnight(cast, how_long, ends_at):
    quiet_days.begin(cast.tom, how_long, at=datetime(2026, 6, 15, 9, 30, tzinfo=UTC))

    assert quiet_days.until(cast.tom, at=ends_at - timedelta(seconds=1)) == ends_at
    assert quiet_days.until(cast.tom, at=ends_at) is None


@pytest.mark.parametrize(
    ("zone", "begun_at", "ends_at", "last_day"),
    [
        # Half an hour before midnight and half an hour after it.
        (
            "Australia/Sydney",
            datetime(2026, 11, 29, 12, 30, tzinfo=UTC),
            datetime(2026, 11, 30, 13, 0, tzinfo=UTC),
            date(2026, 11, 30),
        ),
        (
            "Australia/Sydney",
            datetime(2026, 11, 29, 13, 30, tzinfo=UTC),
            datetime(2026, 12, 1, 13, 0, tzinfo=UTC),
            date(2026, 12, 1),
        ),
        # The quiet day is that on which the clocks go back: it has 25 hours.
        (
            "Europe/London",
            datetime(2026, 10, 24, 22, 30, tzinfo=UTC),
            datetime(2026, 10, 26, 0, 0, tzinfo=UTC),
            date(2026, 10, 25),
        ),
        # That on which they go forward: it has 23.
        (
            "Europe/London",
            datetime(2026, 3, 28, 23, 30, tzinfo=UTC),
            datetime(2026, 3, 29, 23, 0, tzinfo=UTC),
            date(2026, 3, 29),
        ),
        (
            "Pacific/Kiritimati",
            datetime(2026, 6, 15, 9, 30, tzinfo=UTC),
            datetime(2026, 6, 16, 10, 0, tzinfo=UTC),
            date(2026, 6, 16),
        ),
        (
            "Pacific/Pago_Pago",
            datetime(2026, 6, 15, 9, 30, tzinfo=UTC),
            datetime(2026, 6, 16, 11, 0, tzinfo=UTC),
            date(2026, 6, 15),
        ),
    ],
)
def test_a_quiet_day_ends_at_the_persons_own_midnight(cast, zone, begun_at, ends_at, last_day):
    accounts.choose_time_zone(cast.tom, zone)

    quiet_days.begin(cast.tom, HowLong.DAY, at=begun_at)

    assert quiet_days.until(cast.tom, at=begun_at) == ends_at
    assert quiet_days.last_day(cast.tom, ends_at) == last_day


def test_without_a_day_they_last_until_they_are_ended(cast):
    quiet_days.begin(cast.tom, HowLong.UNTIL_I_SAY, at=NOW)
    years_later = NOW + timedelta(days=3650)
    ends_at = quiet_days.until(cast.tom, at=years_later)

    quiet_days.end(cast.tom)

    assert quiet_days.is_without_end(ends_at, at=years_later)
    assert quiet_days.until(cast.tom, at=NOW) is None


def test_each_rests_alone(cast):
    quiet_days.begin(cast.tom, HowLong.DAY, at=NOW)

    assert quiet_days.quiet_accounts(cast, at=NOW) == {cast.tom.pk}
