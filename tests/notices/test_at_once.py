from __future__ import annotations

import pytest
from django.core.mail import EmailMessage

from beside.cli.process.announcements import run_due
from beside.notices import notice_preferences, notices, outbox, push_subscriptions
from beside.notices.models import Notice, OutgoingMail
from beside.people.sessions import SessionStore
from tests.at_once import at_once
from tests.cast import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_mail_that_two_workers_lease_at_once_is_leased_by_one():
    outbox.add(EmailMessage("Your code", "4821 7730", to=["rose@home.example"]), at=NOW)

    both = at_once(lambda: outbox.lease(at=NOW), lambda: outbox.lease(at=NOW))

    assert both.raised() == []
    assert [both.first, both.second].count(None) == 1
    assert OutgoingMail.objects.get().unanswered == 1


def test_news_that_two_workers_tell_of_at_once_are_one_mail(cast, settings):
    settings.MAIL_CARRIER = "django.core.mail.backends.locmem.EmailBackend"
    notice_preferences.choose_quiet_hours(cast.rose.pk, None, None)
    choices = dict.fromkeys(notice_preferences.choices_of(cast.rose.pk), "at once")
    notice_preferences.choose(cast.rose.pk, choices)
    notices.tell(cast.rose.pk, Notice.Kind.UPLOAD_REFUSED, at=NOW)

    both = at_once(lambda: run_due(NOW), lambda: run_due(NOW))

    assert both.raised() == []
    assert OutgoingMail.objects.count() == 1


def test_a_browser_that_subscribes_twice_at_once_is_told_once(cast):
    store = SessionStore()
    store.create()
    endpoint = "https://push.example/one"
    act = lambda: push_subscriptions.subscribe(  # noqa: E731
        cast.rose.pk, store.session_key, endpoint, at=NOW
    )

    both = at_once(act, act)

    assert both.raised() == []
    assert push_subscriptions.of(cast.rose.pk).count() == 1
