"""Sending mails while somebody waits; without a mail server, mails go to a folder and the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.console import EmailBackend as Terminal
from django.core.mail.backends.filebased import EmailBackend as Folder
from django.core.mail.message import EmailMessage

from beside.notices import outbox, sending
from beside.notices.sending import Answer


class FolderAndTerminal(BaseEmailBackend):
    """Writes each mail to `EMAIL_FILE_PATH` and prints it."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write and print the mails; returns how many."""
        Terminal().send_messages(email_messages)
        return Folder().send_messages(email_messages) or 0


def has_server() -> bool:
    """Whether mails are sent. Without a mail server they are only filed and printed."""
    return str(settings.MAIL_CARRIER) != f"{__name__}.{FolderAndTerminal.__name__}"


def hand_over(mails: Sequence[EmailMessage], *, at: datetime) -> list[bool]:
    """Send mails now; returns, for each, whether a mail server accepted it.

    One that it didn't accept isn't tried again, because the caller says at once that it didn't go.
    Without a mail server, mails are written to a folder and none counts as accepted.
    """
    return [_hand_over(mail, at=at) for mail in mails]


def _hand_over(mail: EmailMessage, *, at: datetime) -> bool:
    leased = outbox.lease(at=at, only=outbox.add(mail, at=at))
    if leased is None:  # A worker was quicker.
        return False
    answer = sending.hand_over(leased.message)
    if answer in (Answer.LATER, Answer.NONE):
        outbox.give_up(leased, at=at)
    else:
        sending.record(leased, answer, at=at)
    return answer is Answer.ACCEPTED and has_server()
