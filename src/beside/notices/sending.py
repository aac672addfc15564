"""Sending the mails of the outbox through `MAIL_CARRIER`, and recording what the mail server answered."""

from __future__ import annotations

import logging
from contextlib import closing
from datetime import datetime
from email.errors import MessageError
from enum import Enum, auto

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, get_connection
from django.db import transaction

from beside.notices import outbox, refused_addresses
from beside.notices.carrier import Patience
from beside.notices.mail_replies import Stopped
from beside.notices.outbox import Leased

log = logging.getLogger(__name__)


class Answer(Enum):
    """What became of handing a mail over. With NONE, nobody knows whether it was taken."""

    ACCEPTED = auto()
    ADDRESS_REFUSED = auto()
    LATER = auto()
    NONE = auto()


def send_next(*, at: datetime) -> bool:
    """Send the next mail that is due, if any; returns whether there was one."""
    mail = outbox.lease(at=at)
    if mail is None:
        return False
    record(mail, hand_over(mail.message), at=at)
    return True


@transaction.atomic
def record(mail: Leased, answer: Answer, *, at: datetime) -> None:
    """Record what the mail server said, and whether the address refuses mails.

    Where no answer came, the lease runs out and the mail is tried once more.
    """
    if answer is Answer.ACCEPTED:
        outbox.sent(mail, at=at)
        refused_addresses.accept(mail.address)
    elif answer is Answer.LATER:
        outbox.postpone(mail, at=at)
    elif answer is Answer.ADDRESS_REFUSED:
        outbox.refused(mail, at=at)
        refused_addresses.refuse(mail.address, at=at)


def hand_over(message: EmailMessage, patience: Patience = Patience.WORKER) -> Answer:
    """Give a mail to the mail server, and return its answer. Mails have one recipient each."""
    try:
        with closing(get_connection(settings.MAIL_CARRIER, patience=patience)) as carrier:
            carrier.open()
            carrier.send_messages([message])
    except Stopped as stopped:
        return _answer(stopped)
    except (OSError, ImproperlyConfigured):  # Django says so of a folder that is a file.
        log.exception("A mail could not be written to its folder.")
        return Answer.LATER
    except (ValueError, MessageError):
        # A header or an address that can't be written. It may be a setting that can be mended.
        log.exception("A mail could not be written.")
        return Answer.LATER
    return Answer.ACCEPTED


def _answer(stopped: Stopped) -> Answer:
    """What a mail server's refusal or silence means for the mail. Its words may hold an address, and aren't logged."""
    log.warning(
        "A mail was not accepted: %s, %s. beside doctor says what is wrong.",
        stopped.step.value,
        stopped.reply_in_numbers,
    )
    if stopped.may_be_taken:
        return Answer.NONE
    return Answer.ADDRESS_REFUSED if stopped.refuses_address else Answer.LATER
