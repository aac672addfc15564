from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from beside.family import endings, reminder_words, reminders, replaying, timeline_entries
from beside.family.date_words import read
from beside.family.models import Reminder, TimelineEntry
from beside.family.reminder_words import Days
from beside.family.reminders import MOST_REMINDERS, Asked, NoSuchReminder, PutOff, TooManyReminders
from beside.family.timeline_entries import NOT_UNDERSTOOD, EntryText
from beside.notices.models import Notice
from beside.people import quiet_days
from beside.people.models import Account, Narrowing
from beside.people.quiet_days import HowLong
from tests.broken import fails_at_first

TODAY = date(2026, 11, 30)
AT = datetime(2026, 11, 30, 12, tzinfo=UTC)
MARCH = Days(date(2027, 3, 1), date(2027, 3, 7))


def noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


def make(by, days=MARCH, *, of_pregnancy=False) -> Reminder:
    asked = Asked("the first week of March", days, of_pregnancy)
    return reminders.make(uuid.uuid4(), asked, by=by, at=AT)


def told(account) -> bool:
    return Notice.objects.filter(recipient=account, kind=Notice.Kind.REMINDER).exists()


@pytest.mark.parametrize(
    ("language", "typed", "first", "last", "each_year"),
    [
        ("en", "the first week of March", (2027, 3, 1), (2027, 3, 7), False),
        ("en", "in the last week of February 2028", (2028, 2, 23), (2028, 2, 29), False),
        ("en", "14 March", (2027, 3, 14), (2027, 3, 14), False),
        ("en", "14 March each year", (2027, 3, 14), (2027, 3, 14), True),
        ("en", "December", (2026, 12, 1), (2026, 12, 31), False),
        ("en", "November", (2027, 11, 1), (2027, 11, 30), False),
        ("en", "early May 2027", (2027, 5, 1), (2027, 5, 10), False),
        ("de", "in der ersten Woche im März", (2027, 3, 1), (2027, 3, 7), False),
        ("de", "14. März, jedes Jahr", (2027, 3, 14), (2027, 3, 14), True),
        ("es", "la primera semana de marzo", (2027, 3, 1), (2027, 3, 7), False),
        ("fr", "la première semaine d’avril", (2027, 4, 1), (2027, 4, 7), False),
    ],
)
def test_days_to_come_are_read_as_people_say_them(language, typed, first, last, each_year):
    found = reminder_words.read(typed, language=language, today=TODAY)

    assert found == [Days(date(*first), date(*last), each_year)]


@pytest.mark.parametrize(
    "typed",
    ["", "March 2020", "30 February", "about March 2027", "soon", "31 weeks", "\0", "x" * 10_000],
)
def test_days_are_neither_guessed_nor_in_the_past(typed):
    assert reminder_words.read(typed, language="en", today=TODAY) == []


def test_it_is_told_of_once_within_its_days_and_on_no_other(cast):
    make(cast.rose)

    reminders.run_due(noon(2027, 2, 28))
    assert not told(cast.rose)

    reminders.run_due(noon(2027, 3, 1))
    assert told(cast.rose)

    Notice.objects.all().delete()
    reminders.run_due(noon(2027, 3, 2))
    reminders.run_due(noon(2027, 3, 8))
    reminders.run_due(noon(2028, 3, 1))

    assert not told(cast.rose)
    assert not reminders.alive(cast.rose).exists()


def test_one_that_cannot_be_told_keeps_no_other_from_it(cast, monkeypatch):
    make(cast.rose)
    make(cast.tom)
    fails_at_first(monkeypatch, reminders, "_wants_no_news")

    reminders.run_due(noon(2027, 3, 1))
    assert [told(cast.rose), told(cast.tom)].count(True) == 1

    reminders.run_due(noon(2027, 3, 1))
    assert [told(cast.rose), told(cast.tom)] == [True, True]


def test_its_days_are_those_of_its_owners_clock(cast):
    Account.objects.filter(pk=cast.rose.pk).update(time_zone="Pacific/Auckland")
    make(cast.rose)

    reminders.run_due(datetime(2027, 2, 28, 10, 59, tzinfo=UTC))
    assert not told(cast.rose)

    reminders.run_due(datetime(2027, 2, 28, 11, 0, tzinfo=UTC))
    assert told(cast.rose)


def test_one_of_each_year_comes_again_and_a_leap_day_the_day_before(cast):
    leap = Days(date(2028, 2, 29), date(2028, 2, 29), each_year=True)
    reminder = make(cast.rose, leap)

    for year, day in ((2028, 29), (2029, 28), (2032, 29)):
        reminders.run_due(noon(year, 2, day))
        assert told(cast.rose), year
        Notice.objects.all().delete()
        reminders.run_due(noon(year, 3, 3))
        assert not told(cast.rose)

    reminder.refresh_from_db()
    assert reminder.first == date(2033, 2, 28)


def test_on_quiet_days_it_waits_and_is_never_late(cast):
    make(cast.rose)
    make(cast.tom)
    quiet_days.begin(cast.rose, HowLong.DAY, at=noon(2027, 3, 1))
    quiet_days.begin(cast.tom, HowLong.WEEK, at=noon(2027, 3, 1))

    reminders.run_due(noon(2027, 3, 1))
    assert not told(cast.rose)
    assert not told(cast.tom)

    reminders.run_due(noon(2027, 3, 3))
    reminders.run_due(noon(2027, 3, 20))

    assert told(cast.rose)
    assert not told(cast.tom)


@pytest.mark.parametrize(
    ("how_long", "first"),
    [
        (PutOff.WEEK, date(2027, 3, 9)),
        (PutOff.MONTH, date(2027, 4, 1)),
        (PutOff.YEAR, date(2028, 3, 1)),
    ],
)
def test_it_is_put_off_also_once_it_has_been_told(cast, how_long, first):
    reminder = make(cast.rose)
    reminders.run_due(noon(2027, 3, 2))

    reminders.put_off(reminder.pk, how_long, by=cast.rose, at=noon(2027, 3, 2))

    assert not told(cast.rose)
    reminder.refresh_from_db()
    assert (reminder.first, reminder.last) == (first, first + timedelta(days=6))
    reminders.run_due(datetime.combine(first, datetime.min.time(), UTC) + timedelta(hours=12))
    assert told(cast.rose)


def test_what_has_ended_never_comes_again_not_from_a_backup_either(cast):
    reminder = make(cast.rose)
    reminders.end(reminder.pk, by=cast.rose, at=AT)
    Reminder.objects.update(ended_at=None)

    for row in Narrowing.objects.all():
        replaying.replay(row.kind, row.subject, at=AT)
    reminders.run_due(noon(2027, 3, 1))

    assert not told(cast.rose)
    with pytest.raises(NoSuchReminder):
        reminders.put_off(reminder.pk, PutOff.WEEK, by=cast.rose, at=AT)


def test_it_is_its_owners_alone_made_once_and_not_without_end(cast):
    reminder = make(cast.rose)
    asked = Asked("14 March", MARCH)

    for act in (
        lambda: reminders.end(reminder.pk, by=cast.tom, at=AT),
        lambda: reminders.put_off(reminder.pk, PutOff.WEEK, by=cast.tom, at=AT),
        lambda: reminders.make(reminder.pk, asked, by=cast.tom, at=AT),
    ):
        with pytest.raises(NoSuchReminder):
            act()
    assert reminders.make(reminder.pk, asked, by=cast.rose, at=AT) == reminder
    for _ in range(MOST_REMINDERS - 1):
        make(cast.rose)
    with pytest.raises(TooManyReminders):
        make(cast.rose)


# "This has ended".


def write(by, heading, when="", *, is_expected=False) -> TimelineEntry:
    found = read(when, language="en", today=TODAY)
    text = EntryText(when, heading, is_expected=is_expected)
    meaning = found[0] if found else NOT_UNDERSTOOD
    return timeline_entries.keep(uuid.uuid4(), text, meaning, by=by, at=AT)


def test_after_it_has_ended_nothing_of_a_pregnancy_goes_on(cast):
    for heading, when, is_expected in (
        ("born", "2 July 2025", False),
        ("twelve weeks", "14 September 2026", True),
        ("due", "May 2027", False),
        ("somewhen", "after 2027", False),
        ("this winter", "winter 2026", False),
        ("this year", "2026", False),
        ("no date", "", False),
        ("weeks", "20 weeks", True),
    ):
        write(cast.rose, heading, when, is_expected=is_expected)
    once, each_year = (
        make(cast.rose),
        make(cast.rose, Days(MARCH.first, MARCH.last, each_year=True)),
    )
    marked = make(cast.rose, Days(MARCH.first, MARCH.last, each_year=True), of_pregnancy=True)
    of_tom = make(cast.tom)

    endings.end(cast.rose, at=AT)

    away = TimelineEntry.objects.exclude(put_away_at=None).values_list("heading", flat=True)
    assert set(away) == {"twelve weeks", "due", "somewhen", "this winter", "weeks"}
    assert list(reminders.alive(cast.rose)) == [each_year]
    assert list(reminders.alive(cast.tom)) == [of_tom]
    assert {once.pk, marked.pk} == set(
        Reminder.objects.exclude(ended_at=None).values_list("pk", flat=True)
    )
    found = endings.before_ending(cast.rose, at=AT)
    assert found.entries == found.reminders == []


def test_reminders_of_each_year_end_with_it_where_somebody_says_so(cast):
    each_year = make(cast.rose, Days(MARCH.first, MARCH.last, each_year=True))
    of_tom = make(cast.tom, Days(MARCH.first, MARCH.last, each_year=True))

    endings.end(cast.rose, also={each_year.pk, of_tom.pk}, at=AT)

    assert not reminders.alive(cast.rose).exists()
    assert reminders.alive(cast.tom).exists()


def test_news_that_lie_there_of_it_go_with_it(cast):
    make(cast.rose)
    reminders.run_due(noon(2027, 3, 1))

    endings.end(cast.rose, at=noon(2027, 3, 1))

    assert not told(cast.rose)


def test_what_was_put_away_can_be_taken_out_again_and_expects_nothing(cast):
    entry = write(cast.rose, "due", "May 2027", is_expected=True)
    endings.end(cast.rose, at=AT)

    timeline_entries.take_out(entry.pk, by=cast.rose, at=AT)

    entry.refresh_from_db()
    assert entry.put_away_at is None
    assert not entry.is_expected


def test_an_older_backup_does_not_bring_it_back(cast):
    write(cast.rose, "due", "May 2027")
    make(cast.rose)
    endings.end(cast.rose, at=AT)
    TimelineEntry.objects.update(put_away_at=None)
    Reminder.objects.update(ended_at=None)

    for row in Narrowing.objects.all():
        replaying.replay(row.kind, row.subject, at=AT)

    assert not TimelineEntry.objects.filter(put_away_at=None).exists()
    assert not reminders.alive(cast.rose).exists()


def test_somebody_without_a_family_can_press_it_too(cast):
    endings.end(cast.rose, at=AT)
