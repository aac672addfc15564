"""Sending mails, cut off step by step, and what must be true of each mail after a restart.

The mail server is a process of its own that writes each Message-ID which it took into the folder of the run.
"""

from __future__ import annotations

import smtplib
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.utils import DNS_NAME

from beside.notices import outbox, sending
from beside.notices.mail_models import OutgoingMail
from beside.notices.outbox import LEASE
from tests.crash.scenario import AT

SEND_MAIL = "send mail"
MAILS = 10
_ROOT = Path(__file__).parents[2]


def begin(folder: Path) -> subprocess.Popen:
    """Start the mail server, and send there from now on. It ends with this process."""
    command = [sys.executable, "-m", "tests.smtp_peer", str(_taken(folder))]
    peer = subprocess.Popen(
        command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    settings.MAIL_CARRIER = "beside.notices.carrier.Carrier"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(peer.stdout.readline())
    # Asking for it may take a second, and each run is a new process.
    DNS_NAME.get_fqdn()
    return peer


def send_mail(say: Callable[..., None]) -> None:
    for number in range(MAILS):
        message = EmailMessage("Your code", f"{number}", to=[f"{number}@home.example"])
        mail_id = outbox.add(message, at=AT)
        say(f"added {number}", str(mail_id))
        sending.send_next(at=AT)
        say(f"sent {number}", str(mail_id))


def after_send_mail(said: dict[str, object]) -> Iterator[str]:
    added = {str(value) for message, value in said.items() if message.startswith("added")}
    known = added | {str(pk) for pk in OutgoingMail.objects.values_list("pk", flat=True)}
    _wait_for_peer()
    before = _counts()
    ended = {
        str(pk) for pk in OutgoingMail.objects.exclude(ended_at=None).values_list("pk", flat=True)
    }
    if unsent := ended - set(before):
        yield f"{unsent} are said to have ended, and were never sent"
    _go_on()
    after = _counts()
    yield from (f"{one} was never sent" for one in known if not after[one])
    yield from (f"{one} was sent {count} times" for one, count in after.items() if count > 2)
    yield from (f"{one} was sent again" for one in ended if after[one] != before[one])
    if sum(count - 1 for count in after.values()) > 1:
        yield "more than one mail was sent twice, although only one can have been on its way"
    if any(UUID(one).version != 4 for one in after):
        yield "a Message-ID isn't the mail's id"


def _go_on() -> None:
    for lease in range(1, 4):
        while sending.send_next(at=AT + lease * LEASE + timedelta(seconds=1)):
            pass


def _wait_for_peer() -> None:
    """The process that was killed may have been cut off in the middle of its talk with the peer."""
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, DNS_NAME.get_fqdn()):
        pass


def _counts() -> Counter[str]:
    taken = _taken(settings.BESIDE.data.parent)
    lines = taken.read_text().splitlines() if taken.exists() else []
    return Counter(line.strip("<>").partition("@")[0] for line in lines)


def _taken(folder: Path) -> Path:
    return folder / "taken"
