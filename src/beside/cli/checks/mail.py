"""Mail: whether the mail server lets Beside in and sends for it. Nothing is sent."""

from __future__ import annotations

from email.utils import parseaddr
from smtplib import SMTPNotSupportedError

from django.core.mail.backends import smtp

from beside.cli.checks.findings import Finding, note, well, wrong
from beside.config.env import Env
from beside.config.mail_server import MailServer
from beside.notices import mail

# SMTP's answer that it has done what it was asked.
_TAKEN = 250


class SenderRefused(Exception):
    """The mail server sends no mails from our address."""

    def __init__(self, sender: str, says: str) -> None:
        super().__init__(f"The mail server sends nothing from {sender}: {says}")


def look(env: Env) -> Finding:
    """Log in, and ask whether the server sends for our address."""
    server = env.mail_server
    if server is None:
        return note(
            "mail",
            "Mails are only written to a folder and to the terminal, so people can't receive a code themselves.",
            "Set BESIDE_SMTP_URL before others sign in.",
        )
    try:
        _log_in(server, env.sender)
    except SMTPNotSupportedError as lacks:
        return wrong(
            "mail",
            f"{server.host}:{server.port} doesn't offer what BESIDE_SMTP_URL asks for ({str(lacks).rstrip('.')}).",
            "smtps:// is encrypted from the first byte (port 465), smtp+tls:// from the greeting on (port 587).",
        )
    except OSError as refused:  # smtplib's own exceptions are OSErrors too.
        return wrong(
            "mail",
            f"{server.host}:{server.port}: {mail.in_words(refused)}",
            "Check BESIDE_SMTP_URL.",
        )
    except SenderRefused as refused:
        return wrong("mail", str(refused), "Set BESIDE_MAIL_FROM to an address that it sends for.")
    return _sender(env, server)


def _sender(env: Env, server: MailServer) -> Finding:
    if env.sender.rstrip(">").endswith("@localhost"):
        return wrong(
            "mail",
            f"Mails come from {env.sender}, which is nobody's address, and will be taken for spam.",
            "Set BESIDE_MAIL_FROM.",
        )
    return well(
        "mail",
        f"{server.host} lets us in, and takes mails from {env.sender}. beside mail ADDRESS sends one.",
    )


def _log_in(server: MailServer, sender: str) -> None:
    """Do what comes before sending a mail, and send none. Raises `SenderRefused` and OSErrors."""
    with smtp.EmailBackend(**server.options()) as opened:
        assert opened.connection is not None
        code, says = opened.connection.mail(parseaddr(sender)[1])
        opened.connection.rset()
    if code != _TAKEN:
        raise SenderRefused(sender, says.decode(errors="replace"))
