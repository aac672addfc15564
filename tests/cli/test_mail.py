from __future__ import annotations

import contextlib
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import SecretStr

from beside.cli.checks import mail as checks
from beside.cli.checks.findings import How
from beside.notices.mail_models import OutgoingMail
from beside.notices.mail_replies import Step
from beside.notices.sending import Answer
from tests import mail_talks, smtp_peer
from tests.cast import NOW
from tests.mail_talks import TALKS


@pytest.fixture
def peer(settings):
    with smtp_peer.running() as running:
        settings.MAIL_CARRIER = "beside.notices.carrier.Carrier"
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
        ("gone@home.example", "right", "It takes no mail for that address (550 No such person)"),
        (
            "nan@home.example",
            "wrong",
            "It doesn't take this name and password (535 No such password)",
        ),
        ("nowhere", "right", "isn't an e-mail address"),
    ],
)
def test_what_was_refused_is_a_sentence(peer, beside, settings, address, password, says):
    settings.EMAIL_HOST_PASSWORD = password

    done = beside("mail", address)

    assert done.exit_code == 1
    assert says in done.output
    assert peer.taken == []


@pytest.mark.parametrize("talk", TALKS, ids=str)
def test_whatever_the_server_does_is_said_and_nothing_that_was_not_found(
    beside, settings, monkeypatch, talk
):
    with mail_talks.serving(talk) as server, mail_talks.short_of_patience(talk, monkeypatch):
        mail_talks.use(server, settings)
        done = beside("mail", "nan@home.example")

    said = " ".join(done.output.split())
    assert done.exit_code == (1 if talk.says else 0)
    assert (talk.says or "has taken it") in said
    assert "can't be reached" not in said
    assert "\x1b" not in done.output
    assert ("It wasn't sent" in said) == (talk.answer in (Answer.LATER, Answer.ADDRESS_REFUSED))


@pytest.mark.parametrize(
    "talk", [one for one in TALKS if one.step not in (Step.TEXT, Step.END)], ids=str
)
def test_the_doctor_says_what_the_server_does_before_a_mail(settings, monkeypatch, talk):
    name = "rose:rose@" if talk.has_login else ""
    scheme = "smtp+tls" if talk.is_encrypted else "smtp"
    with mail_talks.serving(talk) as server, mail_talks.short_of_patience(talk, monkeypatch):
        url = SecretStr(f"{scheme}://{name}127.0.0.1:{server.port}")
        changed = {"smtp_url": url, "mail_from": "beside@place.example"}
        found = checks.look(settings.BESIDE.model_copy(update=changed))

    assert talk.says in found.says
    is_of_one_address = talk.step is Step.RECIPIENT and (
        talk.answer is Answer.ADDRESS_REFUSED or talk.does.startswith(b"4")
    )
    assert found.how == (
        How.WELL if not talk.says else How.NOTE if is_of_one_address else How.WRONG
    )
    is_the_sender = talk.does.startswith((b"550 5.1.1 Who", b"553 5.7.1 Not yours"))
    assert ("Set BESIDE_MAIL_FROM to an address that it sends for" in found.mend) == is_the_sender
    assert server.given == 0


def test_no_greeting_is_encrypted_where_the_server_speaks_in_clear(settings):
    with smtp_peer.running() as running:
        url = SecretStr(f"smtps://rose:right@127.0.0.1:{running.port}")
        found = checks.look(settings.BESIDE.model_copy(update={"smtp_url": url}))

    assert "No encrypted connection could be made" in found.says


def certified(folder: Path) -> ssl.SSLContext:
    """A server's part of TLS, with a certificate that it made itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.example")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    written = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    (folder / "both.pem").write_bytes(written + made.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context


def test_a_certificate_that_nobody_vouches_for_is_named(settings, tmp_path):
    def answer(listening: socket.socket) -> None:
        with contextlib.suppress(OSError), listening.accept()[0] as plain:
            context.wrap_socket(plain, server_side=True).close()

    context = certified(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        Thread(target=answer, args=(listening,), daemon=True).start()
        url = SecretStr(f"smtps://127.0.0.1:{listening.getsockname()[1]}")
        found = checks.look(settings.BESIDE.model_copy(update={"smtp_url": url}))

    says = found.says.replace("self signed", "self-signed")  # As older OpenSSLs write it.
    assert "No encrypted connection could be made (self-signed certificate)" in says


@pytest.mark.parametrize(
    ("ending", "waited", "how"),
    [
        ("", timedelta(hours=3), How.WRONG),
        ("", timedelta(hours=1), How.WELL),
        ("given up", timedelta(hours=3), How.WRONG),
        ("sent", timedelta(hours=3), How.WELL),
        ("refused", timedelta(hours=3), How.WELL),
    ],
)
@pytest.mark.django_db
def test_the_doctor_says_that_mails_have_waited_or_were_given_up(ending, waited, how):
    mail = OutgoingMail(sealed=b"", made_at=NOW, due_at=NOW, failures=4, ending=ending)
    mail.ended_at = NOW + timedelta(hours=2) if ending else None
    mail.save()

    assert checks.waiting(at=NOW + waited).how == how


def test_an_address_that_no_mail_can_be_written_to_is_a_sentence(peer, beside):
    done = beside("mail", f"rose@{'ü' * 60}.example")

    assert done.exit_code == 1
    assert "It wasn't sent. No mail can be written from beside@place.example" in done.output


def test_without_a_mail_server_it_is_written_down(place, beside, settings, tmp_path):
    settings.EMAIL_FILE_PATH = str(tmp_path / "mails")

    done = beside("mail", "nan@home.example")

    assert "only written to" in done.output
    assert len(list((tmp_path / "mails").iterdir())) == 1
