"""Sending mail in the background; without a mail server, mails go to a folder and the terminal."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.console import EmailBackend as Terminal
from django.core.mail.backends.filebased import EmailBackend as Folder
from django.core.mail.message import EmailMessage

log = logging.getLogger(__name__)
_senders = ThreadPoolExecutor(max_workers=2, thread_name_prefix="mail")


class InBackground(BaseEmailBackend):
    """Sends mails through `MAIL_CARRIER` without making the request wait.

    A response that waited for the mail would take longer if an account exists, and so reveal that it does.
    Mails still queued when the server stops are sent before it ends.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue the mails; returns how many. A failure to send is logged."""
        messages = list(email_messages)
        _senders.submit(_send_all, messages)
        return len(messages)


class FolderAndTerminal(BaseEmailBackend):
    """Writes each mail to `EMAIL_FILE_PATH` and prints it."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write and print the mails; returns how many."""
        Terminal().send_messages(email_messages)
        return Folder().send_messages(email_messages) or 0


def has_server() -> bool:
    """Whether mails are sent. Without a mail server they are only filed and printed."""
    return str(settings.MAIL_CARRIER) != f"{__name__}.{FolderAndTerminal.__name__}"


def hand_over(mails: Sequence[EmailMessage]) -> list[bool]:
    """Send mails through `MAIL_CARRIER` now; returns, for each, whether a mail server accepted it.

    Without a mail server, mails are written to a folder and none counts as accepted.
    """
    carrier = get_connection(settings.MAIL_CARRIER)
    try:
        carrier.open()
    except OSError:
        log.exception("The mail server can't be reached. beside doctor says what is wrong.")
        return [False for _ in mails]
    try:
        return [_send(carrier, mail) for mail in mails]
    finally:
        carrier.close()


def _send(carrier: BaseEmailBackend, mail: EmailMessage) -> bool:
    try:
        taken = carrier.send_messages([mail])
    except OSError:  # smtplib's refusals are OSErrors too.
        log.exception("A mail could not be sent.")
        return False
    return bool(taken) and not isinstance(carrier, FolderAndTerminal)


def _send_all(messages: list[EmailMessage]) -> None:
    try:
        get_connection(settings.MAIL_CARRIER).send_messages(messages)
    except Exception:
        log.exception("A mail could not be sent. beside doctor says what is wrong with mail.")
