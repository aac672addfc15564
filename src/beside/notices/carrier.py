"""The talk with the mail server, step by step, so that it is known how far it came.

Until the end of a mail's text is sent, nothing was taken, and the mail can be sent again. After that, only an answer says
whether it was.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum, auto
from smtplib import SMTP, SMTP_SSL, SMTPResponseException
from typing import Any, TypedDict, Unpack, cast

from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import EmailMessage, SafeMIMEMultipart, sanitize_address
from django.core.mail.utils import DNS_NAME

from beside.notices.mail_replies import Step, Stopped

# The first digit of replies (RFC 5321, 4.2.1).
_DONE, _GO_ON = 2, 3
# How long the server may take to say goodbye. Nothing depends on it.
_GOODBYE_S = 2


class Patience(Enum):
    """How long a mail server may take. RFC 5321 (4.5.3.2.6) wants ten minutes for the answer to a mail's end."""

    WORKER = auto()
    SOMEBODY_WAITS = auto()


@dataclass(frozen=True, slots=True)
class _Seconds:
    """For one answer; for all that comes before a mail's end; and for the answer to that."""

    answer: float
    before_end: float
    end: float


_SECONDS = {
    Patience.WORKER: _Seconds(60, 240, 600),
    # Together less than the minute after which a proxy gives a page up.
    Patience.SOMEBODY_WAITS: _Seconds(10, 20, 30),
}
# What all of it takes at most, in seconds, with a minute to spare for looking up names and saying goodbye.
LONGEST_S = _SECONDS[Patience.WORKER].before_end + _SECONDS[Patience.WORKER].end + 60


class _Options(TypedDict, total=False):
    """Of Django's backend; what isn't given comes from the settings."""

    host: str
    port: int
    username: str
    password: str
    use_tls: bool
    use_ssl: bool
    fail_silently: bool


class Carrier(EmailBackend):
    """Gives mails with one recipient each to the mail server. Whatever the server doesn't do raises `Stopped`."""

    def __init__(
        self, *, patience: Patience = Patience.SOMEBODY_WAITS, **options: Unpack[_Options]
    ) -> None:
        super().__init__(**options)
        self._seconds = _SECONDS[patience]
        self._ends_at = 0.0
        self._talk: SMTP | None = None

    def open(self) -> bool:
        """Connect, encrypt and log in, as the settings say; returns whether it wasn't connected yet."""
        if self.connection is not None:
            return False
        self._ends_at = time.monotonic() + self._seconds.before_end
        with _told(Step.CONNECTION):
            self._talk = self._connect()
        self._greet()
        if self.use_tls:
            with self._at(Step.ENCRYPTION) as talk:
                talk.starttls(context=self.ssl_context)
            self._greet()
        if self.username:
            with self._at(Step.LOGIN) as talk:
                talk.login(self.username, self.password)
        self.connection = self._talk
        return True

    def close(self) -> None:
        """Say goodbye. What goes wrong with that changes nothing about what was taken."""
        talk, self._talk, self.connection = self._talk, None, None
        if talk is None:
            return
        with suppress(OSError):
            if talk.sock is not None:
                talk.sock.settimeout(_GOODBYE_S)
            talk.quit()
        with suppress(OSError):
            talk.close()

    def ask(self, sender: str, recipient: str) -> None:
        """Ask whether it would take a mail from `sender` to `recipient`, and send none. Raises `Stopped`."""
        self._address(sanitize_address(sender, "utf-8"), sanitize_address(recipient, "utf-8"))

    def _send(self, message: EmailMessage) -> bool:
        """Send one. A ValueError, or an error of email's own, says that it can't be written."""
        [recipient] = message.recipients()
        written = cast("SafeMIMEMultipart", message.message()).as_bytes(linesep="\r\n")
        sender = sanitize_address(message.from_email, "utf-8")
        self._address(sender, sanitize_address(recipient, "utf-8"), size=len(written))
        with self._at(Step.TEXT) as talk:
            _require(Step.TEXT, talk.docmd("DATA"), kind=_GO_ON)
            talk.send(_as_text(written))
        # Later than this the mail's lease may run out before the answer comes, and another worker would send it too.
        self._seconds_for(Step.TEXT)
        with self._at(Step.END) as talk:
            talk.send(".\r\n")
            _require(Step.END, talk.getreply())
        return True

    def _address(self, sender: str, recipient: str, *, size: int | None = None) -> None:
        with self._at(Step.SENDER) as talk:
            options = [] if size is None or not talk.has_extn("size") else [f"size={size}"]
            _require(Step.SENDER, talk.mail(sender, options))
        with self._at(Step.RECIPIENT) as talk:
            _require(Step.RECIPIENT, talk.rcpt(recipient))

    def _connect(self) -> SMTP:
        options: dict[str, Any] = {
            # Known once for the whole process: asking for it may take seconds.
            "local_hostname": DNS_NAME.get_fqdn(),
            "timeout": self._seconds_for(Step.CONNECTION),
        }
        if self.use_ssl:
            return SMTP_SSL(self.host, self.port, context=self.ssl_context, **options)
        return SMTP(self.host, self.port, **options)

    def _greet(self) -> None:
        with self._at(Step.GREETING) as talk:
            talk.ehlo_or_helo_if_needed()

    def _seconds_for(self, step: Step) -> float:
        """How long to wait for an answer. Raises `Stopped` where all of it has taken too long."""
        if step is Step.END:
            return self._seconds.end
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise Stopped(step, cause=TimeoutError("timed out"))
        return min(self._seconds.answer, left)

    @contextmanager
    def _at(self, step: Step) -> Iterator[SMTP]:
        """The talk, at this step. Where it breaks there, it is over."""
        talk, seconds = self._talk, self._seconds_for(step)
        assert talk is not None
        if talk.sock is not None:
            talk.sock.settimeout(seconds)
        try:
            with _told(step):
                yield talk
        except Stopped as stopped:
            if not stopped.code:
                with suppress(OSError):
                    talk.close()
            raise


@contextmanager
def _told(step: Step) -> Iterator[None]:
    """Raise `Stopped` for everything that goes wrong with the talk."""
    try:
        yield
    except Stopped:
        raise
    except SMTPResponseException as refused:
        # What smtplib couldn't read is no answer either; after a mail's end it would say that the mail wasn't taken.
        code = 0 if step is Step.END else refused.smtp_code
        raise Stopped(step, code, refused.smtp_error, cause=refused) from refused
    except OSError as broken:  # smtplib's own exceptions are OSErrors too.
        raise Stopped(step, cause=broken) from broken


def _require(step: Step, reply: tuple[int, bytes], *, kind: int = _DONE) -> None:
    """Return if it is a reply of this kind. Each of its numbers says yes, such as 250, 251 or 252 (RFC 5321, 4.2.1)."""
    code, says = reply
    if code // 100 != kind:
        raise Stopped(step, code, says)


def _as_text(written: bytes) -> bytes:
    """As it is sent: a point at the beginning of a line would end it, so there is another before it."""
    doubled = re.sub(rb"(?m)^\.", b"..", written)
    return doubled if doubled.endswith(b"\r\n") else doubled + b"\r\n"
