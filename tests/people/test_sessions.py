from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.utils import timezone

from beside.people import sessions
from beside.people.models import Narrowing, Session
from tests.cast import NOW

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit Mobile/15E148 Safari"
ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit Chrome/130 Mobile Safari"
ANDROID_TABLET = "Mozilla/5.0 (Linux; Android 15; SM-X210) AppleWebKit Chrome/130 Safari"
IPAD = "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit Mobile/15E148 Safari"
LINUX = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit Chrome/130 Safari"


def sign_in(account, *, kind="phone", at=NOW):
    store = sessions.SessionStore()
    store["_auth_user_id"] = str(account.pk)
    store["device"] = kind
    store["began_at"] = at.isoformat()
    store.create()
    store.save()
    return store.session_key


def test_a_session_knows_whose_it_is_on_what_and_since_when(cast):
    key = sign_in(cast.rose)

    row = Session.objects.get(pk=key)

    assert (row.account, row.device, row.began_at) == (cast.rose, "phone", NOW)


def test_a_visitors_session_is_nobodys(db):
    store = sessions.SessionStore()
    store["light"] = "lamp"
    store.save()

    assert Session.objects.get(pk=store.session_key).account is None


@pytest.mark.parametrize(
    ("user_agent", "kind"),
    [
        (IPHONE, "phone"),
        (ANDROID, "phone"),
        (ANDROID_TABLET, "tablet"),
        (IPAD, "tablet"),
        (LINUX, "computer"),
        ("", "computer"),
    ],
)
def test_what_a_device_says_of_itself(user_agent, kind):
    assert sessions.kind_of_device(user_agent) == kind


def test_mine_are_listed_this_one_first_and_without_their_keys(cast):
    this = sign_in(cast.rose, at=NOW - timedelta(days=2))
    other = sign_in(cast.rose, kind="computer", at=NOW)
    sign_in(cast.tom)

    devices = sessions.of(cast.rose, this=this, at=NOW)

    assert [(d.kind, d.is_this) for d in devices] == [("phone", True), ("computer", False)]
    assert this not in repr(devices)
    assert other not in repr(devices)


def test_what_has_run_out_is_not_listed(cast):
    this = sign_in(cast.rose)

    assert sessions.of(cast.rose, this=this, at=NOW + timedelta(days=40)) == []


def test_one_can_be_ended(cast):
    this, other = sign_in(cast.rose), sign_in(cast.rose, kind="computer")
    device = sessions.of(cast.rose, this=this, at=NOW)[1]

    sessions.end(cast.rose, device.id, at=NOW)

    assert not Session.objects.filter(pk=other).exists()
    assert Session.objects.filter(pk=this).exists()
    narrowing = Narrowing.objects.get()
    assert narrowing.kind == Narrowing.Kind.SIGNED_OUT
    assert narrowing.subject == {"account": str(cast.rose.pk), "session": device.id}


def test_nobody_can_end_anybody_elses(cast):
    this = sign_in(cast.rose)
    device = sessions.of(cast.rose, this=this, at=NOW)[0]

    sessions.end(cast.tom, device.id, at=NOW)

    assert Session.objects.filter(pk=this).exists()


def test_all_the_others_can_be_ended(cast):
    this, other, toms = sign_in(cast.rose), sign_in(cast.rose), sign_in(cast.tom)

    sessions.end_others(cast.rose, this=this, at=NOW)

    assert set(Session.objects.values_list("pk", flat=True)) == {this, toms}
    assert other != this


def test_everywhere_is_here_too(cast):
    this, toms = sign_in(cast.rose), sign_in(cast.tom)

    sessions.end_everywhere(cast.rose, at=NOW)

    assert set(Session.objects.values_list("pk", flat=True)) == {toms}
    assert this != toms


def test_an_ended_session_is_not_brought_back_by_a_request_that_was_under_way(cast):
    key = sign_in(cast.rose)
    under_way = sessions.SessionStore(key)
    under_way["something"] = 1

    sessions.end_everywhere(cast.rose, at=NOW)

    with pytest.raises(UpdateError):
        under_way.save()

    assert not Session.objects.filter(pk=key).exists()


def test_as_many_sessions_as_have_ended_are_cleared_and_no_other(cast, monkeypatch):
    monkeypatch.setattr(sessions, "_CLEARED_AT_ONCE", 2)
    ended = [sign_in(cast.rose) for _ in range(5)]
    Session.objects.filter(pk__in=ended).update(expire_date=timezone.now() - timedelta(days=1))
    stays = sign_in(cast.rose)

    sessions.SessionStore.clear_expired()

    assert [one.pk for one in Session.objects.all()] == [stays]
