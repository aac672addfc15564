from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.backends.base import SessionBase

from beside.cli.process.announcements import run_due
from beside.notices import notice_preferences, notices, push, push_subscriptions
from beside.notices.groups import CHOSEN
from beside.notices.models import Notice, PushSubscription
from beside.notices.notice_preferences import Channel, HowOften
from beside.notices.push import Answer
from beside.notices.push_subscriptions import UnfitEndpoint
from beside.notices.slow_push_services import LEFT_ALONE, SlowServices
from beside.people import account_closures, quiet_days, sessions
from beside.people.models import Account
from beside.people.quiet_days import HowLong
from beside.people.sessions import SessionStore

Kind = Notice.Kind
NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ENDPOINT = "https://push.example/send/abc"


def sign_in(account: Account) -> str:
    session: SessionBase = SessionStore()
    session["_auth_user_id"] = str(account.pk)
    session.set_expiry(datetime(2030, 1, 1, tzinfo=UTC))
    session.create()
    return session.session_key


@pytest.fixture
def pushed(monkeypatch) -> list[str]:
    """The endpoints that pushes are sent to."""
    sent: list[str] = []

    def send(endpoint, *, at):
        sent.append(endpoint)
        return Answer.GONE if "gone" in endpoint else Answer.TAKEN

    monkeypatch.setattr(push, "send", send)
    return sent


def subscribe(account: Account, endpoint: str = ENDPOINT) -> str:
    session = sign_in(account)
    push_subscriptions.subscribe(account.pk, session, endpoint, at=NOON)
    return session


def choose(account: Account, how_often: HowOften) -> None:
    keys = ((group, Channel.PUSH) for group in CHOSEN)
    notice_preferences.choose(account.pk, dict.fromkeys(keys, how_often))


def work(*moments: datetime) -> None:
    for at in moments:
        run_due(at)
        while push_subscriptions.send_next(at=at):
            pass


def test_each_device_is_told_once(cast, pushed):
    choose(cast.rose, HowOften.AT_ONCE)
    for name in "ab":
        subscribe(cast.rose, f"https://push.example/{name}")
    subscribe(cast.tom, "https://push.example/toms")
    notices.tell(cast.rose.pk, Kind.UPLOAD_REFUSED, at=NOON)

    work(NOON, NOON, NOON + HOUR)

    assert sorted(pushed) == ["https://push.example/a", "https://push.example/b"]


@pytest.mark.thorough
def test_once_a_day_is_what_nobody_has_chosen_yet(cast, pushed):
    subscribe(cast.rose)
    for hour in range(0, 30, 2):
        notices.tell(cast.rose.pk, Kind.UPLOAD_REFUSED, about=uuid4(), at=NOON + hour * HOUR)
        work(NOON + hour * HOUR)

    # At noon, and at ten on the next day.
    assert len(pushed) == 2


@pytest.mark.parametrize("how_often", list(HowOften))
def test_a_mail_and_a_push_are_chosen_apart(cast, pushed, how_often):
    subscribe(cast.rose)
    choose(cast.rose, how_often)
    notices.tell(cast.rose.pk, Kind.UPLOAD_REFUSED, at=NOON)

    work(NOON)

    assert len(pushed) == (how_often != HowOften.NEVER)
    chosen = notice_preferences.choices_of(cast.rose.pk)
    assert {chosen[group, Channel.MAIL] for group in CHOSEN} == {HowOften.DAILY}


def test_what_concerns_safety_is_pushed_at_once(cast, pushed):
    choose(cast.rose, HowOften.NEVER)
    subscribe(cast.rose)
    notices.tell(cast.rose.pk, Kind.SIGNED_IN, at=NOON)

    work(NOON)

    assert len(pushed) == 1


@pytest.mark.thorough
def test_in_quiet_hours_and_quiet_days_nothing_is_pushed(cast, pushed):
    choose(cast.rose, HowOften.AT_ONCE)
    subscribe(cast.rose)
    night = NOON + 11 * HOUR
    notices.tell(cast.rose.pk, Kind.UPLOAD_REFUSED, at=night)
    work(*(night + hour * HOUR for hour in range(9)))
    assert pushed == []

    work(night + 9 * HOUR)
    assert len(pushed) == 1

    quiet_days.begin(cast.rose, HowLong.DAY, at=NOON + 24 * HOUR)
    notices.mark_read(cast.rose.pk, at=NOON)
    notices.tell(cast.rose.pk, Kind.UPLOAD_REFUSED, at=NOON + 25 * HOUR)
    work(*(NOON + hour * HOUR for hour in range(24, 96)))
    assert len(pushed) == 1


def test_an_endpoint_that_is_gone_is_forgotten(cast, pushed):
    choose(cast.rose, HowOften.AT_ONCE)
    subscribe(cast.rose, "https://push.example/gone")
    subscribe(cast.rose)
    notices.tell(cast.rose.pk, Kind.UPLOAD_REFUSED, at=NOON)

    work(NOON)

    assert [one.endpoint for one in PushSubscription.objects.all()] == [ENDPOINT]


def test_it_ends_with_the_session(cast, pushed):
    this = subscribe(cast.rose)
    subscribe(cast.rose, "https://push.example/other")

    sessions.end_others(cast.rose, this=this, at=NOON)

    assert [one.endpoint for one in PushSubscription.objects.all()] == [ENDPOINT]
    sessions.end_everywhere(cast.rose, at=NOON)
    assert not PushSubscription.objects.exists()


def test_a_session_that_is_over_is_not_told_although_its_row_is_there(cast, pushed):
    choose(cast.rose, HowOften.AT_ONCE)
    subscribe(cast.rose)
    notices.tell(cast.rose.pk, Kind.UPLOAD_REFUSED, at=NOON)
    run_due(NOON)

    assert not push_subscriptions.send_next(at=datetime(2031, 1, 1, tzinfo=UTC))
    assert pushed == []


def test_a_browser_that_two_people_use_tells_the_one_who_came_last(cast):
    subscribe(cast.rose)
    subscribe(cast.tom)

    assert not push_subscriptions.of(cast.rose.pk).exists()
    assert push_subscriptions.of(cast.tom.pk).exists()


def test_a_closed_account_has_none(cast):
    subscribe(cast.rose)

    account_closures.close(cast.rose, b"x" * 32, due_at=NOON, at=NOON)

    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "push.example/send",
        "http://push.example/send",
        "ftp://push.example/send",
        "https:///send",
        "https://localhost/send",
        "https://127.0.0.1/send",
        "https://2130706433/send",
        "https://127.1/send",
        "https://[::1]/send",
        "https://93.184.215.14/send",
        "https://push.example:8080/send",
        "https://push.example:99999/send",
        "https://rose:secret@push.example/send",
        "https://push.example/send\r\nHost: other",
        "https://push.example/a b",
        "https://push.example/send#part",
        "https://pusch.exämple/send",
        "https://push.example/" + "a" * 1000,
    ],
)
def test_what_can_not_be_a_push_service_is_refused(cast, endpoint):
    with pytest.raises(UnfitEndpoint):
        subscribe(cast.rose, endpoint)

    assert not PushSubscription.objects.exists()


@pytest.fixture
def slow(monkeypatch) -> None:
    """Every push takes longer than it may."""
    monkeypatch.setattr(push_subscriptions, "SLOW_S", -1)
    monkeypatch.setattr(push_subscriptions, "slow_services", SlowServices())


def test_a_slow_service_and_whoever_named_it_are_left_alone_for_a_while(cast, pushed, slow):
    names = ("https://slow.example/1", "https://slow.example/2", "https://other.example/3")
    for account, endpoint in zip((cast.rose, cast.tom, cast.rose), names, strict=True):
        subscribe(account, endpoint)
    subscribe(cast.nan, "https://push.example/4")
    PushSubscription.objects.update(due_at=NOON)
    PushSubscription.objects.filter(endpoint=names[0]).update(due_at=NOON - HOUR)

    def sent_by(at: datetime) -> list[str]:
        del pushed[:]
        while push_subscriptions.send_next(at=at):
            pass
        return sorted(pushed)

    assert sent_by(NOON) == ["https://push.example/4", names[0]]
    assert sent_by(NOON + LEFT_ALONE / 2) == []
    assert sent_by(NOON + LEFT_ALONE) == sorted(names[1:])
