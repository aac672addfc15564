from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from beside.people import accounts, time_zones
from beside.people.models import Account
from beside.people.time_zones import UnknownTimeZone


def living_in(zone: str) -> Account:
    return Account(email="somebody@home.example", time_zone=zone)


def utc(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "at", "day"),
    [
        ("Australia/Sydney", utc(2026, 11, 29, 12, 59), date(2026, 11, 29)),
        ("Australia/Sydney", utc(2026, 11, 29, 13, 0), date(2026, 11, 30)),
        ("America/New_York", utc(2026, 11, 30, 4, 59), date(2026, 11, 29)),
        ("America/New_York", utc(2026, 11, 30, 5, 0), date(2026, 11, 30)),
        # Two days apart at the same instant, on either side of the date line.
        ("Pacific/Kiritimati", utc(2026, 6, 15, 10, 30), date(2026, 6, 16)),
        ("Pacific/Pago_Pago", utc(2026, 6, 15, 10, 30), date(2026, 6, 14)),
        # Samoa went over the date line and had no 30 December.
        ("Pacific/Apia", utc(2011, 12, 30, 9, 59), date(2011, 12, 29)),
        ("Pacific/Apia", utc(2011, 12, 30, 10, 0), date(2011, 12, 31)),
    ],
)
def test_a_day_is_the_persons_own(zone, at, day):
    assert time_zones.day_of(living_in(zone), at) == day


def test_without_a_zone_of_their_own_it_is_the_places(settings):
    settings.TIME_ZONE = "Asia/Tokyo"

    assert time_zones.day_of(living_in(""), utc(2026, 11, 29, 15, 0)) == date(2026, 11, 30)


def test_a_zone_that_exists_no_longer_is_the_places(settings):
    settings.TIME_ZONE = "Asia/Tokyo"

    assert str(time_zones.of(living_in("Mars/Olympus"))) == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("zone", "at", "ends_at"),
    [
        # Forward on 29 March and back on 25 October.
        ("Europe/London", utc(2026, 3, 14, 9, 0), utc(2026, 4, 13, 8, 0)),
        ("Europe/London", utc(2026, 10, 14, 8, 0), utc(2026, 11, 13, 9, 0)),
        ("Asia/Tokyo", utc(2026, 3, 14, 9, 0), utc(2026, 4, 13, 9, 0)),
    ],
)
def test_a_term_of_thirty_days_ends_at_the_same_time_of_day(zone, at, ends_at):
    assert time_zones.later(living_in(zone), at, timedelta(days=30)) == ends_at


@pytest.mark.parametrize(
    ("zone", "day", "ends_at"),
    [
        ("Australia/Sydney", date(2026, 11, 30), utc(2026, 11, 30, 13, 0)),
        # The clocks go forward during the day, and back.
        ("Europe/London", date(2026, 3, 29), utc(2026, 3, 29, 23, 0)),
        ("Europe/London", date(2026, 10, 25), utc(2026, 10, 26, 0, 0)),
        # There is no midnight, and there are two.
        ("Africa/Cairo", date(2026, 4, 23), utc(2026, 4, 23, 22, 0)),
        ("America/Havana", date(2026, 10, 31), utc(2026, 11, 1, 4, 0)),
        ("Pacific/Kiritimati", date(2026, 6, 15), utc(2026, 6, 15, 10, 0)),
        ("Pacific/Pago_Pago", date(2026, 6, 15), utc(2026, 6, 16, 11, 0)),
    ],
)
def test_a_day_ends_where_the_person_is(zone, day, ends_at):
    somebody = living_in(zone)
    just_before = ends_at - timedelta(microseconds=1)

    assert time_zones.end_of_day(somebody, day) == ends_at
    assert time_zones.day_of(somebody, just_before) == day
    assert time_zones.day_of(somebody, ends_at) == day + timedelta(days=1)


@pytest.mark.parametrize(
    "name",
    [
        *("", "Mars/Olympus", "europe/london", "Europe", "localtime", "posixrules"),
        *("../../etc/passwd", "/UTC", "Europe/London\n", "Europe/London;"),
    ],
)
def test_only_names_of_zones_are_taken(name):
    with pytest.raises(UnknownTimeZone):
        time_zones.named(name)


def test_every_name_that_is_taken_is_a_zone_and_fits_its_column():
    assert {"UTC", "Asia/Kolkata", "America/Argentina/Buenos_Aires"} <= time_zones.known()
    assert max(map(len, time_zones.known())) <= time_zones.LONGEST_NAME
    for name in time_zones.known():
        timezone.localtime(utc(2026, 1, 1), time_zones.named(name))


def test_a_zone_is_chosen_and_given_up_again(cast):
    accounts.choose_time_zone(cast.rose, "Australia/Sydney")
    chosen = Account.objects.get(pk=cast.rose.pk).time_zone
    accounts.choose_time_zone(cast.rose, "")

    assert chosen == "Australia/Sydney"
    assert Account.objects.get(pk=cast.rose.pk).time_zone == ""


def test_a_zone_that_does_not_exist_is_not_chosen(cast):
    with pytest.raises(UnknownTimeZone):
        accounts.describe(cast.rose, name="R", words="", time_zone="Mars/Olympus")

    cast.rose.profile.refresh_from_db()
    assert cast.rose.profile.name == "Rose"


def test_describing_somebody_leaves_their_zone_alone(cast):
    accounts.choose_time_zone(cast.rose, "Australia/Sydney")

    accounts.describe(cast.rose, name="R", words="")

    assert Account.objects.get(pk=cast.rose.pk).time_zone == "Australia/Sydney"


DAY_IN_A_PROCESS = """
import django
django.setup()
from datetime import UTC, datetime
from beside.people import time_zones
from beside.people.models import Account
at = datetime(2026, 11, 29, 13, 0, tzinfo=UTC)
for zone in ("Australia/Sydney", ""):
    print(time_zones.day_of(Account(time_zone=zone), at))
"""


@pytest.mark.thorough
@pytest.mark.parametrize("machine", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_the_machines_own_time_zone_decides_nothing(machine):
    said = subprocess.run(
        [sys.executable, "-c", DAY_IN_A_PROCESS],
        env=os.environ | {"TZ": machine, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        check=True,
        text=True,
    )

    assert said.stdout.split() == ["2026-11-30", "2026-11-29"]
