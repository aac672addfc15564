from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage

from beside.cli.process.announcements import run_due
from beside.notices import notices, outbox, refused_addresses, sending
from beside.notices.models import Notice, OutgoingMail, RefusedAddress
from beside.people.models import Account
from tests.cast import NOW

Kind = Notice.Kind
DAY = timedelta(days=1)


@pytest.fixture
def rose(cast, peer) -> Account:
    """Her mail server says that there is nobody of that name."""
    cast.rose.email = "gone@home.example"
    cast.rose.save()
    return cast.rose


def send(to: str, at) -> None:
    outbox.add(EmailMessage("Your code", "4821 7730", to=[to]), at=at)
    while sending.send_next(at=at):
        pass


def told(account) -> list[str]:
    return [notice.kind for notice in notices.newest(account.pk)]


def is_sent_news(account, at) -> bool:
    notices.tell(account.pk, Kind.UPLOAD_REFUSED, at=at)
    before = OutgoingMail.objects.filter(account=account).count()
    for hour in range(24):
        run_due(at + timedelta(hours=hour))
    notices.mark_read(account.pk, at=at)
    return OutgoingMail.objects.filter(account=account).count() > before


def test_an_address_that_refuses_is_told_to_its_owner_and_to_nobody_else(cast, rose):
    send("GONE@home.example", NOW)

    assert told(rose) == [Kind.MAIL_REFUSED]
    assert not any(told(other) for other in cast if other != rose)


def test_it_is_told_once_while_it_is_unread(rose):
    for day in range(3):
        send(rose.email, NOW + day * DAY)

    assert told(rose) == [Kind.MAIL_REFUSED]


@pytest.mark.thorough
def test_no_news_are_sent_there_until_a_mail_is_accepted(rose):
    assert is_sent_news(rose, NOW)
    send(rose.email, NOW + DAY)
    assert not is_sent_news(rose, NOW + 2 * DAY)
    assert not is_sent_news(rose, NOW + 50 * DAY)

    refused_addresses.accept(rose.email)

    assert is_sent_news(rose, NOW + 60 * DAY)


def test_a_code_is_still_tried_and_if_it_arrives_the_address_counts_again(rose, monkeypatch):
    send(rose.email, NOW)
    monkeypatch.setattr("tests.smtp_peer.REFUSING", {})

    send(rose.email, NOW + DAY)

    assert not RefusedAddress.objects.exists()


@pytest.mark.thorough
def test_another_address_is_another_address(rose):
    send(rose.email, NOW)
    rose.email = "rose@home.example"
    rose.save()

    assert is_sent_news(rose, NOW + DAY)


def test_an_answer_of_later_is_told_to_nobody(cast, peer):
    cast.tom.email = "full@home.example"
    cast.tom.save()

    send(cast.tom.email, NOW)

    assert told(cast.tom) == []


def test_the_table_holds_no_address(rose):
    send(rose.email, NOW)

    assert b"gone" not in bytes(RefusedAddress.objects.get().digest)


def test_a_strangers_address_that_refuses_is_nobodys_news(cast, peer):
    send("gone@home.example", NOW)

    assert not Notice.objects.exists()
    assert not RefusedAddress.objects.exists()
