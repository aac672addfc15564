from __future__ import annotations

from threading import Event

from beside.cli.process.senders import senders
from beside.notices import push_subscriptions, sending
from tests.serving import PATIENCE_S


def test_no_mail_waits_for_a_push(monkeypatch):
    stopped, goes_on, mailed = Event(), Event(), Event()
    monkeypatch.setattr(push_subscriptions, "send_next", lambda *, at: goes_on.wait(PATIENCE_S))
    monkeypatch.setattr(sending, "send_next", lambda *, at: mailed.set() or False)

    all_of_them = senders(stopped)
    for one in all_of_them:
        one.start()
    is_mailed = mailed.wait(PATIENCE_S) and not goes_on.is_set()
    stopped.set()
    goes_on.set()
    for one in all_of_them:
        one.join(PATIENCE_S)

    assert is_mailed
    assert not any(one.is_alive() for one in all_of_them)


def test_no_push_waits_for_a_slow_one(monkeypatch):
    stopped, goes_on = Event(), Event()
    begun = iter(range(100))
    second = Event()

    def send_next(*, at):
        if next(begun) == 0:
            return goes_on.wait(PATIENCE_S)
        second.set()
        return False

    monkeypatch.setattr(push_subscriptions, "send_next", send_next)
    monkeypatch.setattr(sending, "send_next", lambda *, at: False)

    all_of_them = senders(stopped)
    for one in all_of_them:
        one.start()
    is_second_sent = second.wait(PATIENCE_S) and not goes_on.is_set()
    stopped.set()
    goes_on.set()
    for one in all_of_them:
        one.join(PATIENCE_S)

    assert is_second_sent
