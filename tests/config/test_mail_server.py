from __future__ import annotations

from email import message_from_bytes, policy
from urllib.parse import quote

import pytest
from django.core.mail.message import EmailMessage, sanitize_address
from pydantic import ValidationError

from beside.config import mail_server
from beside.config.env import load
from beside.config.mail_server import NotAMailServer
from beside.config.refused_settings import NotText, sentences

SECRET = "hunter/2#"
STARTTLS, TLS, PLAIN = (
    {"use_tls": starttls, "use_ssl": tls}
    for starttls, tls in ((True, False), (False, True), (False, False))
)


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        (
            "smtp+tls://anna%40place.example:p%40ss%2Fw%3A%23@mail.example",
            (("mail.example", 587), "anna@place.example", "p@ss/w:#", STARTTLS),
        ),
        ("smtps://anna:p@mail.example", (("mail.example", 465), "anna", "p", TLS)),
        ("smtps://mail.example:1465", (("mail.example", 1465), "", "", TLS)),
        ("smtp://relay.lan", (("relay.lan", 25), "", "", PLAIN)),
        ("smtp://anna:p@[::1]:2525/", (("::1", 2525), "anna", "p", PLAIN)),
        ("smtp://mail_server", (("mail_server", 25), "", "", PLAIN)),
        ("smtp://192.0.2.7:26", (("192.0.2.7", 26), "", "", PLAIN)),
        ("smtp://relay.lan.", (("relay.lan.", 25), "", "", PLAIN)),
    ],
)
def test_a_url_names_a_server_and_how_to_talk_to_it(url, meant):
    server = mail_server.of(url)

    encryption = {"use_tls": server.uses_starttls, "use_ssl": server.uses_tls}
    assert ((server.host, server.port), server.user, server.password, encryption) == meant
    assert encryption.items() <= server.options().items()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mail.example", r"smtp\+tls://"),
        ("smtp+ssl://mail.example", r"smtp\+tls://"),
        ("http://mail.example", r"smtp\+tls://"),
        (f"smtps://anna:{SECRET}@mail.example", "%23"),
        ("smtps://mail.example:465/inbox", "usual one"),
        ("smtps://mail.example?tls=no", "usual one"),
        ("smtps://mail.example:many", "usual one"),
        ("smtps://", "usual one"),
        ("smtps://[::1", "usual one"),
        ("smtp://anna:p@mail.example", "unencrypted"),
        ("smtps://mail.example:0", "usual one"),
        ("smtps://.mail.example", "63 letters"),
        (f"smtps://{'a' * 64}.example", "63 letters"),
        (f"smtps://{'a.' * 127}example", "63 letters"),
        ("smtps://mail example", "63 letters"),
        ("smtps://mail,other.example", "63 letters"),
        ("smtps://anna@mail.example", "belong together"),
        ("smtps://anna:@mail.example", "belong together"),
        ("smtps://:p@mail.example", "belong together"),
    ],
)
def test_what_names_no_server_is_refused_with_a_sentence(url, says):
    with pytest.raises(NotAMailServer, match=says):
        mail_server.of(url)


def test_a_refused_password_is_in_no_sentence():
    with pytest.raises(ValidationError) as refused:
        load({"BESIDE_SMTP_URL": f"smtps://anna:{SECRET}@mail.example", "BESIDE_MAIL_FROM": "x"})

    said = sentences(refused.value)
    assert "BESIDE_SMTP_URL: After the two strokes" in said
    assert "BESIDE_MAIL_FROM: Write an address" in said
    assert "hunter" not in said + str(refused.value)


@pytest.mark.parametrize(
    ("settings", "sender"),
    [
        ({}, "beside@place.example"),
        ({"BESIDE_SMTP_URL": "smtps://anna%40b.example:p@mail.example"}, "anna@b.example"),
        ({"BESIDE_SMTP_URL": "smtps://anna:p@mail.example"}, "beside@place.example"),
        ({"BESIDE_MAIL_FROM": "Beside <b@c.example>"}, "Beside <b@c.example>"),
    ],
)
def test_mails_come_from_an_address_of_this_place(settings, sender):
    assert load({"BESIDE_URL": "https://place.example:8443"} | settings).sender == sender


@pytest.mark.parametrize(
    "url",
    [
        "smtps://u:p%C3%A4ss@mail.example",
        "smtps://%C3%BC:pass@mail.example",
        "smtps://mail..example",
        "smtps://bücher.example",
    ],
)
def test_what_cannot_be_sent_to_a_mail_server_is_refused(url):
    with pytest.raises(NotAMailServer, match="letters"):
        mail_server.of(url)


NO_ADDRESSES = [
    "a@b.example, c@d.example",
    "a@b.example\nBcc: c@d.example",
    "a@b.example ",
    "a",
    "a@b..example",
    "a@.b.example",
    "a..a@b.example",
    "a@b.example.",
    "a@-b.example",
    f"a@{'b' * 64}.example",
    f"{'a' * 250}@b.example",
    "für@b.example",
    "a@bücher.example",
    "a@b.example\\",
    "a@b.example\x07",
    "Beside\x1b[2J <a@b.example>",
    "Beside\u2028 <a@b.example>",
    "Beside <a@b.example",
    "Beside a@b.example>",
    "Beside <<a@b.example>>",
    "Rose, Tom <a@b.example>",
    "<>",
    "Beside <>",
]
ADDRESSES = [
    "a@b.example",
    "a@localhost",
    "a@relay_host",
    "a.b+c@xn--bcher-kva.example",
    "a@[192.0.2.7]",
    "<a@b.example>",
    "Rose <a@b.example>",
    "Rose<a@b.example>",
    "Dr. Åse Grün <a@b.example>",
    "Mia 👩‍👧 <a@b.example>",
    '"Rose, Tom" <a@b.example>',
    '"The \\"old\\" house" <a@b.example>',
]


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_mails_come_from_one_address_that_can_be_written(address):
    assert not mail_server.is_address(address)
    # A control character is refused in every setting.
    with pytest.raises((ValidationError, NotText)) as refused:
        load({"BESIDE_MAIL_FROM": address})

    if isinstance(refused.value, ValidationError):
        assert "BESIDE_MAIL_FROM: Write an address" in sentences(refused.value)


@pytest.mark.parametrize("address", ADDRESSES)
def test_it_may_have_a_name(address):
    assert mail_server.is_address(address)


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_taken_for_an_address_can_be_written_in_a_mail(address):
    written = EmailMessage("A code", "4821", address, ["rose@home.example"]).message()

    [sender] = message_from_bytes(written.as_bytes(), policy=policy.default)["From"].addresses
    assert sender.addr_spec == address.rpartition("<")[2].rstrip(">")
    assert sanitize_address(address, "utf-8").isascii()


@pytest.mark.parametrize("user", ["a@b..example", "a@b.example\\"])
def test_a_user_that_is_no_address_sends_no_mails(user):
    url = f"smtps://{quote(user, safe='')}:p@mail.example"
    env = load({"BESIDE_URL": "https://place.example", "BESIDE_SMTP_URL": url})

    assert env.sender == "beside@place.example"
