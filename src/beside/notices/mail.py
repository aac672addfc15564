"""Sending mails while somebody waits; without a mail server, mails go to a folder and the terminal."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from uuid import UUID, uuid4

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.console import EmailBackend as Terminal
from django.core.mail.backends.filebased import EmailBackend as Folder
from django.core.mail.message import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beside.notices import outbox, sending
from beside.notices.carrier import Patience
from beside.notices.sending import Answer

_SAYS_IT_IS_A_TEST = gettext_lazy(
    "This is a test. Whoever looks after this place wanted to know whether its mails arrive. There’s nothing to do."
)
# After so many seconds no other mail is begun while somebody waits.
_LONGEST_S = 10


class FolderAndTerminal(BaseEmailBackend):
    """Writes each mail to `EMAIL_FILE_PATH` and prints it."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write and print the mails; returns how many."""
        Terminal().send_messages(email_messages)
        return Folder().send_messages(email_messages) or 0


class Became(Enum):
    """What became of a mail that was handed over."""

    ACCEPTED = auto()
    WAITING = auto()
    NOT_SENT = auto()


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A mail's id in the outbox, and what became of it so far."""

    mail: UUID
    became: Became


def has_server() -> bool:
    """Whether mails are sent. Without a mail server they are only filed and printed."""
    return str(settings.MAIL_CARRIER) != f"{__name__}.{FolderAndTerminal.__name__}"


def send_test(address: str) -> None:
    """Send a mail that says it is a test, past the outbox, so that what goes wrong can be said.

    Raises `Stopped` if the mail server doesn't take it, and OSErrors where it can't be written down.
    """
    test = EmailMessage(_("A test"), _SAYS_IT_IS_A_TEST, to=[address])
    carrier = get_connection(settings.MAIL_CARRIER)
    with carrier:
        carrier.send_messages([outbox.as_sent(uuid4(), test)])


def hand_over(mails: Sequence[EmailMessage], *, at: datetime) -> list[HandedOver]:
    """Send mails now, while somebody waits; returns for each what became of it.

    One that a mail server doesn't take yet waits in the outbox, and is tried again for two days (greylisting refuses each
    first mail). Those after it wait there from the beginning, and so do those after one that took long, so that nobody
    waits for each of forty.
    Without a mail server, mails are written to a folder, and none counts as sent.
    """
    handed: list[HandedOver] = []
    ends_at = time.monotonic() + _LONGEST_S
    for mail in mails:
        mail_id = outbox.add(mail, at=at)
        has_to_wait = time.monotonic() > ends_at or (
            bool(handed) and handed[-1].became is Became.WAITING
        )
        became = Became.WAITING if has_to_wait else _hand_over(mail_id, at=at)
        handed.append(HandedOver(mail_id, became))
    return handed


def _hand_over(mail_id: UUID, *, at: datetime) -> Became:
    leased = outbox.lease(at=at, only=mail_id)
    if leased is None:  # A worker was quicker.
        return Became.WAITING
    answer = sending.hand_over(leased.message, Patience.SOMEBODY_WAITS)
    sending.record(leased, answer, at=at)
    if answer in (Answer.LATER, Answer.NONE):
        return Became.WAITING
    return Became.ACCEPTED if answer is Answer.ACCEPTED and has_server() else Became.NOT_SENT
