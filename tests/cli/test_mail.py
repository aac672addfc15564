from __future__ import annotations

import pytest

from tests import smtp_peer


@pytest.fixture
def peer(settings):
    with smtp_peer.running() as running:
        settings.MAIL_CARRIER = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "rose", smtp_peer.PASSWORD.decode()
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.DEFAULT_FROM_EMAIL = "beside@place.example"
        yield running


def test_a_test_goes_out_at_once(peer, beside):
    done = beside("mail", "nan@home.example")

    [taken] = peer.taken
    assert done.exit_code == 0
    assert "has taken it" in done.output
    assert taken["To"] == "nan@home.example"
    assert taken["Auto-Submitted"] == "auto-generated"
    assert taken["Message-ID"].endswith("@place.example>")


@pytest.mark.parametrize(
    ("address", "password", "says"),
    [
        ("gone@home.example", "right", "It takes no mail for that address (No such person)"),
        ("nan@home.example", "wrong", "It doesn't take this name and password"),
        ("nowhere", "right", "isn't an e-mail address"),
    ],
)
def test_what_was_refused_is_a_sentence(peer, beside, settings, address, password, says):
    settings.EMAIL_HOST_PASSWORD = password

    done = beside("mail", address)

    assert done.exit_code == 1
    assert says in done.output
    assert peer.taken == []


def test_without_a_mail_server_it_is_written_down(place, beside, settings, tmp_path):
    settings.EMAIL_FILE_PATH = str(tmp_path / "mails")

    done = beside("mail", "nan@home.example")

    assert "only written to" in done.output
    assert len(list((tmp_path / "mails").iterdir())) == 1
