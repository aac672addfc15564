"""Sending the mails of the outbox through `MAIL_CARRIER`, and recording what the mail server answered."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime
from enum import Enum, auto
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from beside.notices import outbox, refused_addresses
from beside.notices.outbox import Leased

log = logging.getLogger(__name__)
# Replies from here on mean "never"; those below, "not now" (RFC 5321, 4.2.1).
_FOR_GOOD = 500


class Answer(Enum):
    """What became of handing a mail over."""

    ACCEPTED = auto()
    ADDRESS_REFUSED = auto()
    REFUSED = auto()
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
    elif answer is not Answer.NONE:
        outbox.refused(mail, at=at)
    if answer is Answer.ADDRESS_REFUSED:
        refused_addresses.refuse(mail.address, at=at)


def hand_over(message: EmailMessage) -> Answer:
    """Give a mail to the mail server, and return its answer. Mails have one recipient each."""
    carrier = get_connection(settings.MAIL_CARRIER)
    try:
        carrier.open()
    # smtplib's own exceptions are OSErrors, and what it can't encode is a ValueError.
    except (OSError, ValueError):
        log.exception("The mail server can't be reached. beside doctor says what is wrong.")
        return Answer.LATER
    try:
        return _send(carrier, message)
    finally:
        with suppress(OSError):
            carrier.close()


def _send(carrier: BaseEmailBackend, message: EmailMessage) -> Answer:
    try:
        carrier.send_messages([message])
    except SMTPRecipientsRefused as refused:
        codes = [code for code, _says in refused.recipients.values()]
        return Answer.ADDRESS_REFUSED if min(codes) >= _FOR_GOOD else Answer.LATER
    except SMTPResponseException as refused:
        log.warning("A mail was not accepted: %s", refused.smtp_code)
        return Answer.REFUSED if refused.smtp_code >= _FOR_GOOD else Answer.LATER
    except OSError:
        log.exception("The mail server broke off, and may have taken the mail or not.")
        return Answer.NONE
    except ValueError:  # A header or an address that can't be written.
        log.exception("A mail could not be written.")
        return Answer.REFUSED
    return Answer.ACCEPTED
