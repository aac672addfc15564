"""Mail: whether the mail server lets Beside in, and takes mails from its address. Nothing is sent."""

from __future__ import annotations

from datetime import datetime
from email.utils import parseaddr

from beside.cli.checks.findings import Finding, note, well, wrong
from beside.config.env import Env
from beside.config.mail_server import MailServer
from beside.notices import outbox
from beside.notices.carrier import Carrier
from beside.notices.mail_replies import FOR_GOOD, Step, Stopped, in_words

_CHECK = "Check BESIDE_SMTP_URL."


def look(env: Env) -> Finding:
    """Log in, and ask whether the server takes a mail from our address. Its answer for our own address stands for all others."""
    server = env.mail_server
    if server is None:
        return note(
            "mail",
            "Mails are only written to a folder and to the terminal, so people can't receive a code themselves.",
            "Set BESIDE_SMTP_URL before others sign in.",
        )
    carrier = Carrier(**server.options())
    address = parseaddr(env.sender)[1]
    try:
        carrier.open()
        carrier.ask(address, address)
    except Stopped as stopped:
        return _stopped(stopped, server, env.sender)
    finally:
        carrier.close()
    return _sender(env.sender, server)


def waiting(*, at: datetime) -> Finding:
    """Whether the server takes the mails that wait, which it may refuse although it lets us in."""
    if outbox.is_stuck(at):
        return wrong(
            "outbox",
            "The mail server hasn't taken some mails for hours. Each is tried for two days.",
            "Mend what is said of mail here. If nothing is, the worker's log says at what step it refuses, and its own log says why.",
        )
    return well("outbox", "No mail has waited for hours.")


def _stopped(stopped: Stopped, server: MailServer, sender: str) -> Finding:
    says = f"{server.host}:{server.port}: {in_words(stopped)}"
    if stopped.step is Step.RECIPIENT and stopped.code:
        return _nobody(sender) or _recipient(stopped, says, sender)
    if stopped.refuses_sender:
        mend = "Set BESIDE_MAIL_FROM to an address that it sends for."
        return wrong("mail", f"It takes no mails from {sender}. {says}", mend)
    if stopped.step is Step.ENCRYPTION:
        return wrong(
            "mail",
            says,
            "smtps:// is encrypted from the first byte (port 465), smtp+tls:// from the greeting on (port 587).",
        )
    return wrong("mail", says, _CHECK)


def _recipient(stopped: Stopped, says: str, sender: str) -> Finding:
    """It was asked for a mail to our own address: what it says of that address alone stops no other mail."""
    if stopped.refuses_address:
        return note(
            "mail",
            f"{says} That was {sender}: mails come from there, and what can't be delivered comes back to nobody.",
            "Have a mailbox for it, or set BESIDE_MAIL_FROM to an address that has one.",
        )
    if stopped.code < FOR_GOOD:
        return note(
            "mail",
            f"{says} It was asked for a mail to {sender}. Such mails are tried again for two days.",
            "Run beside doctor again in some minutes.",
        )
    return wrong(
        "mail",
        f"{says} It was asked for a mail from and to {sender}. People's mails wait, and are lost after two days.",
        "Check the name and the password in BESIDE_SMTP_URL, and whether the mail server passes mails on for this machine.",
    )


def _sender(sender: str, server: MailServer) -> Finding:
    lets = "lets us in" if server.user else "asks for no name"
    return _nobody(sender) or well(
        "mail",
        f"{server.host} {lets}, and takes mails from {sender}. beside mail ADDRESS sends one.",
    )


def _nobody(sender: str) -> Finding | None:
    if not parseaddr(sender)[1].endswith("@localhost"):
        return None
    return wrong(
        "mail",
        f"Mails come from {sender}, which is nobody's address, and will be taken for spam.",
        "Set BESIDE_MAIL_FROM.",
    )
