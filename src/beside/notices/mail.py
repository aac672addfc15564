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
_carriers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="mail")


class InBackground(BaseEmailBackend):
    """Hands mails to `MAIL_CARRIER` and doesn't wait.

    An answer that waited would take longer where there is an account, and so tell that
    there is one. What is on its way when the server stops is still carried.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Take the mails; returns how many there are. A carrier that stumbles is logged."""
        messages = list(email_messages)
        _carriers.submit(_carry, messages)
        return len(messages)


class FolderAndTerminal(BaseEmailBackend):
    """Writes each mail to `EMAIL_FILE_PATH` and prints it."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the mails down; returns how many there were."""
        Terminal().send_messages(email_messages)
        return Folder().send_messages(email_messages) or 0


def has_server() -> bool:
    """Whether mails are sent. Without a mail server they are only filed and printed."""
    return str(settings.MAIL_CARRIER) != f"{__name__}.{FolderAndTerminal.__name__}"


def hand_over(mails: Sequence[EmailMessage]) -> list[bool]:
    """Send mails through `MAIL_CARRIER` now; returns for each whether a mail server accepted it.

    Without a mail server, mails are filed and none counts as accepted.
    """
    carrier = get_connection(settings.MAIL_CARRIER)
    try:
        carrier.open()
    except OSError:
        log.exception("The mail server can't be reached. beside doctor says what is wrong.")
        return [False for _ in mails]
    try:
        return [_takes(carrier, mail) for mail in mails]
    finally:
        carrier.close()


def _takes(carrier: BaseEmailBackend, mail: EmailMessage) -> bool:
    try:
        taken = carrier.send_messages([mail])
    except OSError:  # What a mail server refuses is one too.
        log.exception("A mail could not be sent.")
        return False
    return bool(taken) and not isinstance(carrier, FolderAndTerminal)


def _carry(messages: list[EmailMessage]) -> None:
    try:
        get_connection(settings.MAIL_CARRIER).send_messages(messages)
    except Exception:
        log.exception("A mail could not be sent. beside doctor says what is wrong with mail.")
