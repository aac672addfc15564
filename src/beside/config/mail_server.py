"""The mail server that `BESIDE_SMTP_URL` names."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import getaddresses
from typing import Any
from urllib.parse import unquote, urlsplit

# The scheme, and the port that is meant where none is named.
_PLAIN, _STARTTLS, _TLS = "smtp", "smtp+tls", "smtps"
_PORTS = {_PLAIN: 25, _STARTTLS: 587, _TLS: 465}
_HERE = ("localhost", "127.0.0.1", "::1")
TIMEOUT_S = 10
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
        """The arguments of Django's SMTP backend."""
        return {
            "host": self.host,
            "port": self.port,
            "username": self.user,
            "password": self.password,
            "use_tls": self.uses_starttls,
            "use_ssl": self.uses_tls,
            "timeout": TIMEOUT_S,
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
    if parts.path.strip("/") or parts.query or parts.fragment or not parts.hostname:
        raise NotAMailServer(_AFTER_THE_SERVER)
    server = MailServer(
        host=parts.hostname,
        port=port or _PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        uses_starttls=parts.scheme == _STARTTLS,
        uses_tls=parts.scheme == _TLS,
    )
    if not (server.user + server.password + server.host).isascii() or ".." in server.host:
        raise NotAMailServer(
            "A mail server's host, name and password have no letters but those from a to z here, digits and signs: others can't be sent to it."
        )
    if server.password and parts.scheme == _PLAIN and server.host not in _HERE:
        raise NotAMailServer(
            "With smtp:// the password would travel unencrypted. Write smtp+tls:// or smtps://."
        )
    return server


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
        raise ValueError("Write an address, such as beside@example.org.")
    return text


def is_address(text: str) -> bool:
    """Whether it is one `name@host`, or a name and that in angle brackets."""
    if text != text.strip() or set("\r\n") & set(text):
        return False
    found = getaddresses([text])
    if len(found) != 1:
        return False
    local, _at, host = found[0][1].rpartition("@")
    return bool(local and host) and not set(" ,;:") & set(local + host)
