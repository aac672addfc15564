from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage

from beside.notices import outbox, sending
from beside.notices.mail_models import OutgoingMail
from beside.notices.outbox import LEASE, PAUSES
from tests.cast import NOW

pytestmark = pytest.mark.django_db
Ending = OutgoingMail.Ending
CODE = "Your code is 4821 7730."


def a_mail(to: str = "rose@home.example", text: str = CODE) -> EmailMessage:
    return EmailMessage("Your code", text, "Beside <beside@place.example>", [to])


def send_all(at) -> int:
    number = 0
    while sending.send_next(at=at):
        number += 1
    return number


def test_a_mail_is_sent_once_with_its_own_message_id(peer):
    mail_id = outbox.add(a_mail(), at=NOW)

    assert send_all(NOW) == 1
    assert send_all(NOW + timedelta(days=3)) == 0

    [taken] = peer.taken
    assert taken["Message-ID"] == f"<{mail_id}@place.example>"
    assert OutgoingMail.objects.get().ending == Ending.SENT


def test_it_is_text_and_html_that_say_the_same(peer):
    outbox.add(a_mail(text="Your <code> & more.\n\nשלום"), at=NOW)
    send_all(NOW)

    [taken] = peer.taken
    assert taken.get_content_type() == "multipart/alternative"
    text, html = (part.get_content() for part in taken.iter_parts())
    assert "Your <code> & more.\n\nשלום" in text.replace("\r\n", "\n")
    assert '<p dir="auto">Your &lt;code&gt; &amp; more.</p>' in html
    assert '<p dir="auto">שלום</p>' in html


@pytest.mark.parametrize("said", ["نور الهدى", "נועה לוי", "Mia 👩‍👧‍👦 ❤️", "Grüße, Åse"])
def test_any_script_comes_through_every_header_and_both_texts(peer, settings, said):
    settings.DEFAULT_FROM_EMAIL = f'"{said}" <beside@place.example>'
    mail = EmailMessage(said, said, to=["rose@home.example"])
    outbox.add(mail, at=NOW)
    send_all(NOW)

    [taken] = peer.taken
    heads = peer.bytes_taken[0].partition(b"\r\n\r\n")[0]
    assert heads.isascii()
    assert max(map(len, heads.splitlines())) < 79
    assert (taken["Subject"], taken["From"].addresses[0].display_name) == (said, said)
    assert taken["Auto-Submitted"] == "auto-generated"
    assert all(said in part.get_content() for part in taken.iter_parts())


def test_only_addresses_of_this_place_become_links(peer, settings):
    place = settings.BESIDE.url
    outbox.add(a_mail(text=f"Open {place}/come-back/#a-_b now\nhttp://evil.example/x"), at=NOW)
    send_all(NOW)

    html = peer.taken[0].get_body(("html",)).get_content()
    assert html.count("<a ") == 1
    assert f'<a href="{place}/come-back/#a-_b" dir="ltr">' in html


def test_no_code_and_no_address_can_be_read_in_the_table():
    outbox.add(a_mail(), at=NOW)

    sealed = bytes(OutgoingMail.objects.get().sealed)
    assert b"4821" not in sealed
    assert b"rose" not in sealed


def test_what_was_sent_is_deleted_at_once_and_its_row_after_a_day(peer):
    outbox.add(a_mail(), at=NOW)
    send_all(NOW)

    assert bytes(OutgoingMail.objects.get().sealed) == b""
    outbox.purge(NOW + timedelta(hours=23))
    assert OutgoingMail.objects.exists()
    outbox.purge(NOW + timedelta(days=1))
    assert not OutgoingMail.objects.exists()


def test_two_workers_never_have_the_same_mail():
    outbox.add(a_mail(), at=NOW)

    assert outbox.lease(at=NOW) is not None
    assert outbox.lease(at=NOW) is None
    assert outbox.lease(at=NOW + LEASE / 2) is None


def test_where_the_answer_was_lost_it_is_sent_twice_at_most_and_with_the_same_id(peer):
    outbox.add(a_mail("silent@home.example"), at=NOW)

    for hour in range(6):
        send_all(NOW + timedelta(hours=hour))

    assert len(peer.taken) == 2
    assert len({one["Message-ID"] for one in peer.taken}) == 1
    assert OutgoingMail.objects.get().ending == Ending.GIVEN_UP


def test_whoever_lost_the_lease_records_nothing(peer):
    outbox.add(a_mail(), at=NOW)
    slow = outbox.lease(at=NOW)
    quick = outbox.lease(at=NOW + LEASE)

    outbox.postpone(slow, at=NOW + LEASE)
    outbox.refused(slow, at=NOW + LEASE)

    assert OutgoingMail.objects.get().ended_at is None
    outbox.sent(quick, at=NOW + LEASE)
    assert OutgoingMail.objects.get().ending == Ending.SENT


@pytest.mark.parametrize("to", ["full@home.example", "busy@home.example"])
def test_an_answer_of_later_is_followed_by_longer_and_longer_pauses_and_then_by_none(peer, to):
    outbox.add(a_mail(to), at=NOW)
    at = NOW
    for pause in PAUSES:
        assert send_all(at) == 1
        assert send_all(at + pause - timedelta(seconds=1)) == 0
        at += pause

    assert send_all(at) == 1
    assert OutgoingMail.objects.get().ending == Ending.GIVEN_UP
    assert send_all(at + timedelta(days=30)) == 0
    assert peer.taken == []
    assert sorted(PAUSES) == PAUSES


def test_a_server_that_cannot_be_reached_costs_a_pause_and_no_mail(peer, settings):
    outbox.add(a_mail(), at=NOW)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    for pause in PAUSES[:3]:
        send_all(NOW + pause)
    settings.EMAIL_PORT = port

    send_all(NOW + timedelta(days=1))

    assert len(peer.taken) == 1


def test_an_address_that_refuses_is_not_tried_again(peer):
    outbox.add(a_mail("gone@home.example"), at=NOW)

    assert send_all(NOW) == 1
    assert send_all(NOW + timedelta(days=30)) == 0
    assert OutgoingMail.objects.get().ending == Ending.REFUSED


def test_a_code_goes_before_all_notices(peer, cast):
    outbox.add(a_mail("tom@home.example"), at=NOW - timedelta(hours=1), account=cast.tom.pk)
    outbox.add(a_mail(), at=NOW)

    sending.send_next(at=NOW)

    assert [one["To"] for one in peer.taken] == ["rose@home.example"]


def test_a_decoy_is_a_row_like_any_other_and_is_never_sent(peer):
    outbox.add(a_mail(), at=NOW)
    outbox.add(a_mail(), at=NOW, is_decoy=True)
    real, decoy = OutgoingMail.objects.order_by("is_decoy")
    assert len(bytes(real.sealed)) == len(bytes(decoy.sealed))

    send_all(NOW + timedelta(days=1))

    assert len(peer.taken) == 1
    outbox.purge(NOW + timedelta(days=1))
    assert not OutgoingMail.objects.filter(is_decoy=True).exists()
