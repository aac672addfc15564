from __future__ import annotations

from threading import Event

from beside.cli.process.senders import senders
from beside.notices import push_subscriptions, sending
from tests.serving import PATIENCE_S


def test_no_mail_waits_for_a_push(monkeypatch):
    stopped, goes_on, mailed = Event(), Event(), Event()
    monkeypatch.setattr(push_subscriptions, "send_next", lambda *, at: goes_on.wait(PATIENCE_S))
    monkeypatch.setattr(sending, "send_next", lambda *, at: mailed.set() or False)

    both = senders(stopped)
    for one in both:
        one.start()
    is_mailed = mailed.wait(PATIENCE_S) and not goes_on.is_set()
    stopped.set()
    goes_on.set()
    for one in both:
        one.join(PATIENCE_S)

    assert is_mailed
    assert not any(one.is_alive() for one in both)
