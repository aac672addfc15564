"""The mail server that `BESIDE_SMTP_URL` names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from unicodedata import category
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from beside.config.hosts import HOSTS, is_host

# The scheme, and the port that is meant where none is named.
_PLAIN, _STARTTLS, _TLS = "smtp", "smtp+tls", "smtps"
_PORTS = {_PLAIN: 25, _STARTTLS: 587, _TLS: 465}
_HERE = ("localhost", "127.0.0.1", "::1")
# A name, in quotation marks where it has signs that mean something in an address (RFC 5322), and the address.
_NAMED = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^"\\()<>\[\]:;@,]*) ?<([^<>]*)>')
_LONGEST = 254
# Controls, and what ends a line.
_NO_LINE = ("Cc", "Zl", "Zp")
_AFTER_THE_SERVER = (
    "After the two strokes stand the server, and its port if it isn't the usual one. In a name or a password before them"
    " write # as %23, / as %2F, : as %3A, ? as %3F, @ as %40 and % as %25."
)


class NotAMailServer(ValueError):
    """The URL names no mail server that could be meant. The sentence has neither its name nor its password."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server, and how to talk to it. `password` is never shown."""

    host: str
    port: int
    user: str
    password: str
    uses_starttls: bool
    uses_tls: bool

    def options(self) -> dict[str, Any]:
        """The arguments of the mail carrier."""
        return {
            "host": self.host,
            "port": self.port,
            "username": self.user,
            "password": self.password,
            "use_tls": self.uses_starttls,
            "use_ssl": self.uses_tls,
        }


def of(url: str) -> MailServer:
    """The server that `url` names. Names and passwords may have signs written as %40. Raises `NotAMailServer`."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotAMailServer(_AFTER_THE_SERVER) from None
    if parts.scheme not in _PORTS:
        raise NotAMailServer(
            "It begins with smtp+tls:// (encrypted from the greeting on, port 587), smtps:// (encrypted from the first"
            " byte, port 465) or smtp:// (not encrypted, port 25; for a mail server on this machine)."
        )
    if parts.path.strip("/") or parts.query or parts.fragment or not parts.hostname or port == 0:
        raise NotAMailServer(_AFTER_THE_SERVER)
    server = MailServer(
        host=parts.hostname,
        port=port or _PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        uses_starttls=parts.scheme == _STARTTLS,
        uses_tls=parts.scheme == _TLS,
    )
    _require_sendable(server)
    return server


def _require_sendable(server: MailServer) -> None:
    if not (server.user + server.password).isascii():
        raise NotAMailServer(
            "A mail server's name and password have no letters but those from a to z here, digits and signs: others can't be sent to it."
        )
    if not is_host(server.host.removesuffix(".")):
        raise NotAMailServer(HOSTS)
    if bool(server.user) != bool(server.password):
        raise NotAMailServer(
            "A name and its password belong together: name:password@ before the host. For a mail server that asks for"
            " neither, write neither, and say in BESIDE_MAIL_FROM where mails come from."
        )
    is_plain = not (server.uses_tls or server.uses_starttls)
    if server.password and is_plain and server.host not in _HERE:
        raise NotAMailServer(
            "With smtp:// the password would travel unencrypted. Write smtp+tls:// or smtps://."
        )


def sender(mail_from: str, *, server: MailServer | None, place: str) -> str:
    """The address that mails come from: the one that is set; else the server's user, or `beside@` and the place's host."""
    if mail_from:
        return mail_from
    if server is not None and is_address(server.user):
        return server.user
    host = urlsplit(place).hostname or "localhost"
    return f"beside@{'localhost' if ':' in host else host}"


def address_or_not(text: str) -> str:
    """`text`, if it is an address or nothing. Raises a ValueError with a sentence."""
    if text and not is_address(text):
        raise ValueError(
            "Write an address, such as beside@example.org, or a name and the address: Beside <beside@example.org>."
            f" Before the @ are no letters but those from a to z, digits and signs. {HOSTS}"
        )
    return text


def is_address(text: str) -> bool:
    """Whether a mail can come from it: one `name@host`, or a name and that in angle brackets."""
    named = _NAMED.fullmatch(text)
    address = named[1] if named else text
    local, _at, host = address.rpartition("@")
    if any(category(one) in _NO_LINE for one in text):
        return False
    if not address.isascii() or len(address) > _LONGEST:
        return False
    return _can_be_sent(f"{local}@localhost" if is_host(host.lower()) else address)


def _can_be_sent(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True
