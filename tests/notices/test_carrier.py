from __future__ import annotations

import logging
from datetime import timedelta
from itertools import chain, repeat
from types import SimpleNamespace

import pytest
from django.core.mail import EmailMessage

from beside.notices import carrier, mail, outbox, refused_addresses, sending
from beside.notices.carrier import Patience
from beside.notices.mail import Became
from beside.notices.mail_models import OutgoingMail, RefusedAddress
from beside.notices.outbox import LEASE, PAUSES
from beside.notices.sending import Answer
from tests import mail_talks
from tests.cast import NOW
from tests.mail_talks import TALKS, Talk

pytestmark = pytest.mark.django_db
Ending = OutgoingMail.Ending


@pytest.fixture
def served(request, settings, monkeypatch):
    """A mail server that does as the row of the table says."""
    talk: Talk = request.param
    with mail_talks.serving(talk) as server, mail_talks.short_of_patience(talk, monkeypatch):
        mail_talks.use(server, settings)
        yield server


@pytest.mark.parametrize("served", TALKS, ids=str, indirect=True)
def test_what_a_server_says_at_each_step_decides_what_becomes_of_the_mail(served, cast):
    answer = served.talk.answer
    outbox.add(EmailMessage("Your code", ".\n4821 7730", to=[cast.rose.email]), at=NOW)

    assert sending.send_next(at=NOW)

    row = OutgoingMail.objects.get()
    assert row.ending == {Answer.ACCEPTED: Ending.SENT, Answer.ADDRESS_REFUSED: Ending.REFUSED}.get(
        answer, ""
    )
    assert (row.failures, row.unanswered) == ((1, 0) if answer is Answer.LATER else (0, 1))
    assert refused_addresses.is_refused(cast.rose.pk, cast.rose.email) == (
        answer is Answer.ADDRESS_REFUSED
    )
    assert RefusedAddress.objects.count() == (answer is Answer.ADDRESS_REFUSED)
    if answer is Answer.LATER:
        assert row.due_at == NOW + PAUSES[0]


@pytest.mark.parametrize(
    "served", [one for one in TALKS if one.answer is Answer.NONE], ids=str, indirect=True
)
def test_what_a_server_may_have_taken_it_is_given_once_more_and_no_third_time(served):
    outbox.add(EmailMessage("Your code", "4821 7730", to=["rose@home.example"]), at=NOW)

    for lease in range(5):
        while sending.send_next(at=NOW + lease * LEASE):
            pass

    assert served.given == 2
    assert OutgoingMail.objects.get().ending == Ending.GIVEN_UP
    assert outbox.is_stuck(NOW + 5 * LEASE)
    assert not outbox.is_stuck(NOW + timedelta(days=3))


@pytest.mark.parametrize(
    "served", [Talk(mail_talks.Step.SENDER, mail_talks.CUT, Answer.LATER)], indirect=True
)
def test_a_server_that_breaks_off_is_tried_nine_times_over_two_days_and_the_host_is_told(served):
    outbox.add(EmailMessage("Your code", "4821 7730", to=["rose@home.example"]), at=NOW)
    at, tries = NOW, 0
    for pause in [*PAUSES, timedelta(0)]:
        tries += sending.send_next(at=at)
        at += pause

    assert tries == 9
    assert outbox.is_stuck(NOW + timedelta(hours=3))
    assert OutgoingMail.objects.get().ending == Ending.GIVEN_UP


RELAY = Talk(mail_talks.Step.RECIPIENT, b"554 5.7.1 <rose@home.example>: denied", Answer.LATER)


@pytest.mark.parametrize("served", [RELAY], indirect=True)
def test_the_log_says_what_was_refused_and_to_nobody_by_name(served, caplog):
    outbox.add(EmailMessage("Your code", "4821 7730", to=["rose@home.example"]), at=NOW)

    with caplog.at_level(logging.INFO):
        sending.send_next(at=NOW)

    assert "the recipient (RCPT), 554 5.7.1" in caplog.text
    assert "home.example" not in caplog.text


def test_a_mail_that_cannot_be_written_waits_until_the_setting_is_mended(peer, settings):
    settings.DEFAULT_FROM_EMAIL = "beside@place..example"
    outbox.add(EmailMessage("Your code", "4821 7730", to=["rose@home.example"]), at=NOW)
    sending.send_next(at=NOW)
    assert not peer.taken

    settings.DEFAULT_FROM_EMAIL = "beside@place.example"
    sending.send_next(at=NOW + PAUSES[0])

    assert [one["From"] for one in peer.taken] == ["beside@place.example"]


def test_a_mail_that_finds_no_folder_waits_until_there_is_one(settings, tmp_path):
    settings.MAIL_CARRIER = "beside.notices.mail.FolderAndTerminal"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    (tmp_path / "mail").write_text("a file")
    outbox.add(EmailMessage("Your code", "4821 7730", to=["rose@home.example"]), at=NOW)
    sending.send_next(at=NOW)

    (tmp_path / "mail").unlink()
    sending.send_next(at=NOW + PAUSES[0])

    [written] = (tmp_path / "mail").iterdir()
    assert "4821 7730" in written.read_text()


def test_lines_that_begin_with_a_point_arrive_as_they_are(peer):
    text = ".\n..\n.code\nlast."
    outbox.add(EmailMessage("Your code", text, to=["rose@home.example"]), at=NOW)
    sending.send_next(at=NOW)

    [taken] = peer.taken
    assert taken.get_body(("plain",)).get_content().splitlines() == text.splitlines()


@pytest.mark.thorough
def test_a_mail_that_took_too_long_before_its_end_is_not_ended(peer, monkeypatch):
    outbox.add(EmailMessage("Your code", "4821 7730", to=["rose@home.example"]), at=NOW)
    # It is asked for at the beginning, before each of five steps, and before the end.
    clock = chain(repeat(0.0, 6), repeat(300.0))
    monkeypatch.setattr(carrier, "time", SimpleNamespace(monotonic=lambda: next(clock)))

    sending.send_next(at=NOW)

    assert peer.taken == []
    assert OutgoingMail.objects.get().failures == 1


def test_after_one_mail_that_took_long_nobody_waits_for_the_next(peer, monkeypatch):
    clock = chain((0.0, 1.0, 2.0), repeat(60.0))
    monkeypatch.setattr(mail, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    mails = [EmailMessage("A link", "…", to=[f"{one}@home.example"]) for one in range(4)]

    handed = mail.hand_over(mails, at=NOW)

    assert [one.became for one in handed] == [Became.ACCEPTED] * 2 + [Became.WAITING] * 2
    assert len(peer.taken) == 2
    assert sending.send_next(at=NOW)


def test_a_lease_is_longer_than_a_talk_and_a_page_waits_less_than_a_proxy_does():
    worker, page = (carrier._SECONDS[one] for one in Patience)

    assert worker.before_end + worker.end < LEASE.total_seconds()
    assert page.before_end + page.end < 60
