"""The outbox: each mail is a row before it is sent, so that a mail is neither lost nor sent by two workers.

A mail is written when it is made and not when it is sent, because of a code or a link's secret only a digest
is stored anywhere else. A worker leases a mail, sends it and records the answer. Where it was killed in between, or the
server was given all of the mail and said nothing, nobody knows whether it was taken: it is sent once more, with the same
Message-ID, and then no more.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db.models import F, Q, QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language

from beside.notices.carrier import LONGEST_S
from beside.notices.mail_html import html_of
from beside.notices.mail_models import OutgoingMail

Ending = OutgoingMail.Ending
# No mail is under way for longer.
LEASE = timedelta(seconds=LONGEST_S)
MOST_UNANSWERED = 2
# After each answer of "later", two days in all.
PAUSES = [timedelta(minutes=n) for n in (1, 5, 15, 60, 3 * 60, 6 * 60, 12 * 60, 24 * 60)]
# Those who greylist take a mail after minutes, seldom after an hour.
STUCK_AFTER = timedelta(hours=2)
# How long a row without text or address says that a mail was sent.
KEPT_FOR = timedelta(days=1)
_NONCE_BYTES = 12
# The header that says which language a mail is in; without it, the one that is active when it is added.
LANGUAGE = "Content-Language"


@dataclass(frozen=True, slots=True)
class _Written:
    """A mail's headers and text, as they are sealed."""

    subject: str
    text: str
    sender: str
    to: list[str]
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Leased:
    """A mail that only this process may send until `until`."""

    id: UUID
    message: EmailMessage
    until: datetime

    @property
    def address(self) -> str:
        """The address that it goes to."""
        return str(self.message.to[0])


def add(
    message: EmailMessage, *, at: datetime, account: UUID | None = None, is_decoy: bool = False
) -> UUID:
    """Add a mail, to be sent at once; returns its id.

    With an `account` it tells of that account's notices, and lets every other mail go first. A decoy is
    written in the same way, and never sent.
    """
    mail_id = uuid4()
    OutgoingMail.objects.create(
        id=mail_id,
        account_id=account,
        sealed=_seal(mail_id, message),
        is_urgent=account is None,
        is_decoy=is_decoy,
        made_at=at,
        due_at=at,
    )
    return mail_id


def lease(*, at: datetime, only: UUID | None = None) -> Leased | None:
    """The next mail to send, or the one with the id `only`, leased to this process; None if there is none.

    It counts as unanswered until an answer is recorded. One that has been unanswered twice is given up.
    """
    for mail in _due(at) if only is None else _due(at).filter(pk=only):
        if mail.unanswered >= MOST_UNANSWERED:
            _end(mail.pk, mail.due_at, Ending.GIVEN_UP, at=at)
            continue
        until = at + LEASE
        free = _due(at).filter(pk=mail.pk, due_at=mail.due_at)
        if free.update(due_at=until, unanswered=F("unanswered") + 1):
            return Leased(mail.pk, _open(mail), until)
    return None


def sent(mail: Leased, *, at: datetime) -> None:
    """Record that a mail server accepted it, or that it was filed where there is none."""
    _end(mail.id, mail.until, Ending.SENT, at=at)


def refused(mail: Leased, *, at: datetime) -> None:
    """Record that a mail server won't ever accept it."""
    _end(mail.id, mail.until, Ending.REFUSED, at=at)


def give_up(mail: Leased, *, at: datetime) -> None:
    """Record that it isn't tried again."""
    _end(mail.id, mail.until, Ending.GIVEN_UP, at=at)


def postpone(mail: Leased, *, at: datetime) -> None:
    """Record that it wasn't accepted for now. It is tried again after a pause, and after two days given up."""
    row = OutgoingMail.objects.filter(pk=mail.id, due_at=mail.until, ended_at=None).first()
    if row is None:
        return
    if row.failures == len(PAUSES):
        give_up(mail, at=at)
        return
    OutgoingMail.objects.filter(pk=row.pk, due_at=mail.until).update(
        due_at=at + PAUSES[row.failures],
        unanswered=F("unanswered") - 1,
        failures=F("failures") + 1,
    )


def recipients() -> QuerySet[OutgoingMail, UUID]:
    """The ids of accounts to which a mail about their notices is waiting, as after an answer of "later"."""
    waiting = _not_being_sent().exclude(account=None)
    return waiting.order_by().values_list("account_id", flat=True).distinct()


def withdraw(account: UUID) -> None:
    """Send none of the mails about `account`'s notices that are waiting."""
    _not_being_sent().filter(account=account).delete()


def hold(account: UUID, *, until: datetime) -> None:
    """Send none of them before `until`."""
    _not_being_sent().filter(account=account, due_at__lt=until).update(due_at=until)


def is_stuck(at: datetime) -> bool:
    """Whether a mail has waited longer than greylisting would have it wait, or was given up within a day."""
    waits = Q(ended_at=None, is_decoy=False, failures__gt=0, made_at__lte=at - STUCK_AFTER)
    is_lost = Q(ending=Ending.GIVEN_UP, ended_at__gt=at - KEPT_FOR)
    return OutgoingMail.objects.filter(waits | is_lost).exists()


def how_many_wait(at: datetime) -> int:
    """How many mails are due at `at` and not sent yet."""
    return _due(at).count()


def cancel(ids: Collection[UUID]) -> None:
    """Don't send these any more. One that is being sent at this moment still is."""
    _not_being_sent().filter(pk__in=ids).delete()


def endings(ids: Collection[UUID]) -> dict[UUID, str]:
    """How each of these ended, without those that are still to be sent. One that is gone was given up."""
    rows = dict(OutgoingMail.objects.filter(pk__in=ids).values_list("pk", "ending"))
    found = {one: rows.get(one, str(Ending.GIVEN_UP)) for one in ids}
    return {one: ending for one, ending in found.items() if ending}


def purge(at: datetime) -> None:
    """Delete mails that ended a day ago, and decoys of that age."""
    OutgoingMail.objects.filter(ended_at__lte=at - KEPT_FOR).delete()
    OutgoingMail.objects.filter(is_decoy=True, made_at__lte=at - KEPT_FOR).delete()


def _not_being_sent() -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(ended_at=None, is_decoy=False, unanswered=0)


def _due(at: datetime) -> QuerySet[OutgoingMail]:
    waiting = OutgoingMail.objects.filter(ended_at=None, is_decoy=False, due_at__lte=at)
    return waiting.order_by("-is_urgent", "due_at", "pk")


def _end(mail_id: UUID, due_at: datetime, ending: OutgoingMail.Ending, *, at: datetime) -> None:
    """End it, unless its lease ran out and another process has taken it since."""
    mine = OutgoingMail.objects.filter(pk=mail_id, due_at=due_at, ended_at=None)
    mine.update(ended_at=at, ending=ending, sealed=b"")


def as_sent(mail_id: UUID, message: EmailMessage) -> EmailMessage:
    """A mail as it is sent: with its HTML part, and with the headers that each of ours has."""
    return _message(_written(mail_id, message))


def _written(mail_id: UUID, message: EmailMessage) -> _Written:
    headers = {
        "Message-ID": f"<{mail_id}@{message.from_email.rpartition('@')[2].rstrip('>')}>",
        # So that nobody's "I'm away" answers it (RFC 3834).
        "Auto-Submitted": "auto-generated",
        LANGUAGE: get_language() or settings.LANGUAGE_CODE,
        **message.extra_headers,
    }
    return _Written(
        str(message.subject), str(message.body), message.from_email, list(message.to), headers
    )


def _seal(mail_id: UUID, message: EmailMessage) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    plain = json.dumps(asdict(_written(mail_id, message))).encode()
    return nonce + _cipher().encrypt(nonce, plain, mail_id.bytes)


def _open(mail: OutgoingMail) -> EmailMessage:
    sealed = bytes(mail.sealed)
    plain = _cipher().decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], mail.pk.bytes)
    # The sender may have been set anew since, because the mail server took nothing from the one before.
    return _message(replace(_Written(**json.loads(plain)), sender=settings.DEFAULT_FROM_EMAIL))


def _message(told: _Written) -> EmailMessage:
    message = EmailMultiAlternatives(
        told.subject, told.text, told.sender, told.to, headers=told.headers
    )
    message.attach_alternative(
        html_of(told.subject, told.text, lang=told.headers.get(LANGUAGE, "")), "text/html"
    )
    return message


def _cipher() -> AESGCM:
    return AESGCM(salted_hmac("beside.notices.outbox", "", algorithm="sha256").digest())
