from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from beside.cli.process import announcements as process
from beside.cli.process.announcements import run_due
from beside.notices import announcements, notice_preferences, notices, sending
from beside.notices.groups import CHOSEN, Group
from beside.notices.models import Notice, OutgoingMail
from beside.notices.notice_preferences import Channel, HowOften
from beside.people import accounts, quiet_days
from beside.people.models import Account
from beside.people.quiet_days import HowLong
from beside.posts.models import Post
from tests.broken import fails_at_first
from tests.cast import make_post

Kind = Notice.Kind
# Noon in Athens, which is where Rose is.
NOON = datetime(2026, 6, 15, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def rose(cast, peer) -> Account:
    accounts.choose_time_zone(cast.rose, "Europe/Athens")
    return cast.rose


@pytest.fixture
def told(cast, rose):
    """Tell Rose of a letter of Tom's that she can read."""

    def tell(at: datetime) -> Post:
        post = make_post(cast.tom, words_for=[rose], at=at, title="Elias", words="Four o’clock.")
        notices.tell(rose.pk, Kind.SHARED, about=post.pk, at=at)
        return post

    return tell


def mails_at(peer, *moments: datetime) -> list[datetime]:
    """At which of `moments` a mail was sent, if the worker looks at each."""
    found = []
    for at in moments:
        run_due(at)
        before = len(peer.taken)
        while sending.send_next(at=at):
            pass
        found += [at] * (len(peer.taken) - before)
    return found


def every_hour(first: datetime, days: int) -> list[datetime]:
    return [first + hour * HOUR for hour in range(24 * days)]


def _said_by(mail) -> str:
    headers = [f"{name}: {value}" for name, value in mail.items()]
    return "\n".join(headers + [part.get_content() for part in mail.iter_parts()])


def choose(account, how_often: HowOften, groups=CHOSEN) -> None:
    notice_preferences.choose(
        account.pk, dict.fromkeys(((g, Channel.MAIL) for g in groups), how_often)
    )


@pytest.mark.thorough
def test_once_a_day_is_what_nobody_has_chosen_yet(peer, told):
    for hour in (0, 1, 2, 30):
        told(NOON + hour * HOUR)
        mails_at(peer, NOON + hour * HOUR)

    mails_at(peer, *every_hour(NOON + 31 * HOUR, days=3))

    # One on the first day, and one on the next for everything after it.
    assert len(peer.taken) == 2


@pytest.mark.thorough
def test_a_digest_goes_at_ten_in_the_persons_own_time_zone(peer, told):
    told(NOON + 6 * HOUR)
    told(NOON + 20 * HOUR)
    first, *later = mails_at(peer, *every_hour(NOON - 12 * HOUR, days=1))
    told(first + HOUR)

    next_day = mails_at(peer, *every_hour(NOON + 12 * HOUR, days=2))

    assert not later
    assert [one.hour for one in next_day] == [7]


@pytest.mark.thorough
def test_a_day_without_news_is_a_day_without_a_mail(peer, told):
    told(NOON)

    assert len(mails_at(peer, *every_hour(NOON, days=9))) == 1


def test_at_once_is_one_mail_for_what_came_within_the_minute(peer, told, rose):
    choose(rose, HowOften.AT_ONCE)
    told(NOON)
    told(NOON)

    assert mails_at(peer, NOON, NOON + HOUR) == [NOON]


@pytest.mark.thorough
def test_each_group_by_itself(peer, cast, told, rose):
    choose(rose, HowOften.NEVER, [Group.ASKED])
    choose(rose, HowOften.AT_ONCE, [Group.WRITTEN])
    notices.tell(rose.pk, Kind.FOLLOW_REQUESTED, about=cast.tom.pk, at=NOON)
    assert mails_at(peer, *every_hour(NOON, days=2)) == []

    told(NOON)
    assert mails_at(peer, NOON) == [NOON]


@pytest.mark.thorough
def test_never_is_never_and_choosing_again_announces_nothing_old(peer, told, rose):
    choose(rose, HowOften.NEVER)
    told(NOON)
    mails_at(peer, NOON)
    choose(rose, HowOften.AT_ONCE)

    assert mails_at(peer, *every_hour(NOON, days=2)) == []


@pytest.mark.thorough
def test_in_quiet_hours_nothing_goes_and_afterwards_one_mail(peer, told, rose):
    choose(rose, HowOften.AT_ONCE)
    # Ten in the evening, in Athens.
    night = NOON + 10 * HOUR
    for hour in range(9):
        told(night + hour * HOUR)

    sent = mails_at(peer, *every_hour(night, days=1))

    assert sent == [night + 10 * HOUR]


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("begins", "ends", "goes"),
    [(9, 20, 20), (22, 8, 10), (9, 0, 0), (20, 19, 19), (None, None, 10)],
)
def test_a_digest_goes_once_a_day_whatever_the_quiet_hours(peer, told, rose, begins, ends, goes):
    hours = [None if hour is None else time(hour) for hour in (begins, ends)]
    notice_preferences.choose_quiet_hours(rose.pk, *hours)
    midnight = NOON - 12 * HOUR
    for day in range(3):
        told(midnight + day * DAY)

    # Each day's news is there from midnight on.
    sent = mails_at(peer, *every_hour(midnight, days=1))

    assert [(one + 3 * HOUR).hour for one in sent] == [goes]


@pytest.mark.thorough
def test_in_quiet_days_nothing_goes_and_afterwards_nothing_in_a_heap(peer, told, rose):
    quiet_days.begin(rose, HowLong.DAY, at=NOON)
    for hour in range(0, 36, 6):
        told(NOON + hour * HOUR)

    assert mails_at(peer, *every_hour(NOON, days=4)) == []
    told(NOON + 4 * DAY)
    assert len(mails_at(peer, *every_hour(NOON + 4 * DAY, days=1))) == 1


@pytest.fixture
def postponed(peer, told, rose) -> list[datetime]:
    """Rose is to be sent a mail that her mail server doesn't take at first; the minutes of the next three hours."""
    choose(rose, HowOften.AT_ONCE)
    rose.email = "full@home.example"
    rose.save()
    told(NOON)
    assert mails_at(peer, NOON) == []
    assert OutgoingMail.objects.get().failures == 1
    return [NOON + timedelta(minutes=minute) for minute in range(180)]


@pytest.mark.thorough
def test_nor_a_mail_that_was_postponed_until_then(peer, rose, postponed, monkeypatch):
    quiet_days.begin(rose, HowLong.DAY, at=NOON)
    monkeypatch.setattr("tests.smtp_peer.REFUSING", {})

    assert mails_at(peer, *postponed, *every_hour(NOON, days=3)) == []


@pytest.mark.thorough
def test_a_mail_that_was_postponed_waits_for_the_end_of_quiet_hours(
    peer, rose, postponed, monkeypatch
):
    monkeypatch.setattr("tests.smtp_peer.REFUSING", {})
    notice_preferences.choose_quiet_hours(rose.pk, time(12), time(13))

    [sent] = mails_at(peer, *postponed)

    assert NOON + HOUR <= sent <= NOON + HOUR + timedelta(minutes=2)


@pytest.mark.thorough
def test_nor_where_the_worker_stood_still_until_they_were_over(peer, told, rose):
    quiet_days.begin(rose, HowLong.DAY, at=NOON)
    told(NOON + HOUR)

    assert mails_at(peer, *every_hour(NOON + 3 * DAY, days=2)) == []


@pytest.mark.thorough
def test_what_was_read_under_news_is_not_mailed(peer, told, rose):
    told(NOON - 12 * HOUR)
    notices.mark_read(rose.pk, at=NOON)

    assert mails_at(peer, *every_hour(NOON, days=2)) == []


@pytest.mark.thorough
def test_nothing_is_mailed_of_a_letter_that_is_not_there_for_them_any_more(peer, told, rose):
    post = told(NOON - 12 * HOUR)
    Post.objects.filter(pk=post.pk).update(state=Post.State.CLOSED)

    assert mails_at(peer, *every_hour(NOON, days=2)) == []


@pytest.mark.thorough
def test_a_mail_names_nobody_quotes_nothing_and_is_always_of_the_same_length(
    peer, cast, told, rose
):
    choose(rose, HowOften.AT_ONCE)
    told(NOON)
    mails_at(peer, NOON)
    for _ in range(5):
        told(NOON + HOUR)
    notices.tell(rose.pk, Kind.UPLOAD_REFUSED, about=uuid4(), at=NOON + HOUR)
    mails_at(peer, NOON + HOUR)

    varying = re.compile(r"boundary=\S+|/mails/[^/]+/|Date: .*|Message-ID: .*")
    one, many = (varying.sub("", _said_by(mail)) for mail in peer.taken)
    for word in ("Elias", "Four o", "Tom", "letter", "photograph"):
        assert word not in one
    assert one == many
    assert len({len(written) for written in peer.bytes_taken}) == 1


def test_a_notice_about_safety_has_its_own_mail_and_no_second_one(peer, rose):
    choose(rose, HowOften.AT_ONCE)
    notices.tell(rose.pk, Kind.SIGNED_IN, at=NOON)

    assert mails_at(peer, NOON) == []
    assert not Notice.objects.filter(mailed_at=None).exists()


@pytest.mark.thorough
def test_a_closed_account_is_sent_nothing(peer, told, rose):
    told(NOON - HOUR)
    Account.objects.filter(pk=rose.pk).update(is_active=False)

    assert mails_at(peer, *every_hour(NOON, days=2)) == []


@pytest.mark.thorough
def test_without_a_mail_server_nothing_is_written_and_nothing_follows(peer, told, settings):
    carrier = settings.MAIL_CARRIER
    settings.MAIL_CARRIER = "beside.notices.mail.FolderAndTerminal"
    told(NOON)
    run_due(NOON)
    settings.MAIL_CARRIER = carrier

    assert not OutgoingMail.objects.exists()
    assert mails_at(peer, *every_hour(NOON, days=2)) == []


def test_two_workers_at_the_same_minute_write_one_mail(peer, told):
    told(NOON)

    run_due(NOON)
    run_due(NOON)

    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize("what", ["_moment", "_tell"])
def test_one_who_cannot_be_told_keeps_no_other_from_it(peer, rose, cast, monkeypatch, what):
    for person in (rose, cast.nan):
        accounts.choose_time_zone(person, "Europe/Athens")
        choose(person, HowOften.AT_ONCE)
        notices.tell(person.pk, Kind.SHARED, about=letter_for(cast, person), at=NOON)
    fails_at_first(monkeypatch, process, what)

    run_due(NOON)
    assert OutgoingMail.objects.count() == 1

    run_due(NOON)
    fails_at_first(monkeypatch, process, "_hold_back")
    run_due(NOON)
    assert OutgoingMail.objects.count() == 2


def letter_for(cast, person) -> UUID:
    return make_post(cast.tom, words_for=[person], at=NOON, title="Elias", words="Four.").pk


def test_a_turn_asks_as_many_queries_for_many_who_wait_for_a_digest_as_for_one(cast, told):
    told(NOON - 11 * HOUR)
    early = NOON - 10 * HOUR

    with CaptureQueriesContext(connection) as for_one:
        run_due(early)
    for person in cast:
        notices.tell(person.pk, Kind.SHARED, about=uuid4(), at=early)
    Notice.objects.update(pushed_at=early)
    with CaptureQueriesContext(connection) as for_all:
        run_due(early)

    assert set(announcements.recipients()) == {person.pk for person in cast}
    assert len(for_all) == len(for_one)
