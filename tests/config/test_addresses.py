from __future__ import annotations

import pytest
from pydantic import SecretStr

from beside.cli.settings import in_effect
from beside.config import addresses


@pytest.mark.parametrize(
    "url", ["http://localhost:8000", "https://beside.example.org", "https://[2001:db8::1]:8443"]
)
def test_the_root_of_a_host_is_a_place(url):
    assert addresses.place(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/",
        "https://a.example/photographs",
        "https://a.example?x=y",
        "https://a.example#x",
        "https://rose@a.example",
        "https://a.example:no",
        "https://a b.example",
        "a.example",
        "ftp://a.example",
        "https://",
        "https://[::1",
        "https://bücher.example",
        "https://a.example.",
        "https://.a.example",
        "https://*",
        "https://a.example?",
        "https://a.example#",
        "https://a<script>.example",
        "https://a\\b.example",
        "https://a.example:",
        "https://a.example:0",
        "https://[fe80::1%eth0]",
        "",
    ],
)
def test_anything_else_is_refused_with_a_sentence(url):
    with pytest.raises(ValueError, match=r"https://beside\.example\.org"):
        addresses.place(url)


@pytest.mark.parametrize(
    ("bind", "listens"),
    [
        ("127.0.0.1:8000", ("127.0.0.1", 8000)),
        ("[::1]:8000", ("::1", 8000)),
        ("8000", ("127.0.0.1", 8000)),
        ("localhost:80", ("127.0.0.1", 80)),
        ("LOCALHOST:80", ("127.0.0.1", 80)),
    ],
)
def test_an_address_and_a_port_can_be_listened_on(bind, listens):
    assert addresses.host_and_port(bind) == listens


@pytest.mark.parametrize(
    "bind",
    [
        "",
        "127.0.0.1",
        "127.0.0.1:",
        "a:b",
        "::1:8000",
        "a:0",
        "a:65536",
        "a:٣",
        "a:8000",
        "*:8000",
        "0:8000",
        "[::1%eth0]:8000",
        "[fe80::1%1]:8000",
    ],
)
def test_no_port_is_refused_with_a_sentence(bind):
    with pytest.raises(ValueError, match="Write it like"):
        addresses.listening(bind)


@pytest.mark.parametrize(
    "url",
    [
        "mysql://a:geheim@b/c",
        "postgres://a:geheim@b",
        "postgres://a:geheim@b:x/c",
        "postgres://a:geheim@b:0/c",
        "geheim",
    ],
)
def test_another_database_is_refused_without_its_password(url):
    with pytest.raises(ValueError, match="PostgreSQL") as refused:
        addresses.database(SecretStr(url))

    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgres://rose:geheim@db.example/beside", "postgres://rose:********@db.example/beside"),
        ("postgres://rose@%2Frun/beside", "postgres://rose@%2Frun/beside"),
        ("postgres://db/x?password=geheim", "postgres://db/x?password=********"),
        ("smtps://a%40b:geheim@mail:465", "smtps://a%40b:********@mail:465"),
        ("s3://key:ge:heim@store/bucket", "s3://key:********@store/bucket"),
        ("https://[geheim", "********"),
    ],
)
def test_an_address_is_shown_without_its_password(url, shown):
    assert addresses.without_password(url) == shown


def test_the_settings_in_effect_show_hosts_and_no_password(tmp_path):
    (tmp_path / "smtp").write_text("smtps://rose:geheim@mail.example")

    values = in_effect(
        {
            "BESIDE_DATABASE_URL": "postgres://rose:geheim@db.example/beside",
            "BESIDE_SMTP_URL_FILE": str(tmp_path / "smtp"),
        }
    )

    assert "geheim" not in str(values)
    assert "db.example" in values["BESIDE_DATABASE_URL"]
    assert "mail.example" in values["BESIDE_SMTP_URL"]


@pytest.mark.parametrize(
    "url", ["postgres://beside:7/kX9secret@db/beside", "postgres://dom/user:secret@h/d"]
)
def test_a_password_with_a_stroke_in_it_is_refused_and_never_shown(url):
    with pytest.raises(ValueError, match="%2F") as refused:
        addresses.database(SecretStr(url))
    assert "secret" not in str(refused.value)
    assert "secret" not in addresses.without_password(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://s3.example.org",
        "http://objects:8333",
        "https://id.example/storage/v1/s3",
        "http://my_store:9000",
        "",
    ],
)
def test_a_service_on_the_web_may_have_a_folder(url):
    assert addresses.endpoint_or_not(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "s3.example.org",
        "s3.example.org:443",
        "ftp://s3.example.org",
        "https://",
        "https://rose:geheim@s3.example.org",
        "https://s3.example.org/rose:geheim@x",
        "https://s3.example.org?key=geheim",
        "https://s3.example.org:geheim",
        "https://s3.example.org:",
        "https://s3.example.org:0",
        "https://s3.example.org:99999",
        "https://s3 .example.org",
        " https://s3.example.org",
    ],
)
def test_an_endpoint_that_can_not_be_asked_or_has_a_secret_is_refused_without_it(url):
    with pytest.raises(ValueError, match=r"https://s3\.example\.org") as refused:
        addresses.endpoint_or_not(url)
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize("address", ["", "host@example.org", "h+x@bücher.example"])
def test_mails_can_be_written_to_a_contact(address):
    assert addresses.mail_or_not(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "not an address",
        "https://example.org",
        "@",
        "a@",
        "a@b, c@d",
        "Rose <r@example.org>",
        "a@b?bcc=c@d",
        "a@b@c",
    ],
)
def test_a_contact_that_no_mail_reaches_is_refused(address):
    with pytest.raises(ValueError, match=r"host@example\.org"):
        addresses.mail_or_not(address)
