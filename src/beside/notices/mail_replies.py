"""Where a talk with a mail server stopped, what that says about the mail, and how it is told to the host."""

from __future__ import annotations

import re
from enum import Enum
from smtplib import SMTPException, SMTPNotSupportedError
from ssl import SSLError

# Replies from here on mean "not now", and then "never" (RFC 5321, 4.2.1).
_REFUSALS = 400
FOR_GOOD = 500
_REPLIES = range(200, 600)
_NO_SUCH_PASSWORD = 535
# At the beginning, or as (#5.1.1), as some servers write it (RFC 3463).
_DETAIL = re.compile(r"(?:^|#)([245]\.\d{1,3}\.\d{1,3})\b")
# 5.1 is about an address and 5.2 about a mailbox; two of those are about the sender's.
_OF_AN_ADDRESS = ("5.1.", "5.2.")
_OF_THE_SENDER = ("5.1.7", "5.1.8")
# Like none at all: servers say it of senders too.
_OF_ANY_ADDRESS = "5.1.0"
# Without a detail, only these are about the recipient; and servers say so too where the fault is with who sends.
_OF_A_RECIPIENT = (550, 551, 553)
_OF_WHO_SENDS = re.compile("relay|authenti|sender|block|black|spam|policy|prohibit", re.IGNORECASE)
# A step was left out, or the log-in; and the server itself (5.3), or what was said to it (5.5).
_OF_THE_TALK = (503, 530, _NO_SUCH_PASSWORD)
_OF_THE_SERVER = ("5.3.", "5.5.")


class Step(Enum):
    """The steps of a talk with a mail server, and what it is told or asked at each."""

    CONNECTION = "the connection"
    GREETING = "the greeting (EHLO)"
    ENCRYPTION = "encryption (STARTTLS)"
    LOGIN = "the log-in (AUTH)"
    SENDER = "the sender (MAIL)"
    RECIPIENT = "the recipient (RCPT)"
    TEXT = "the mail (DATA)"
    END = "the end of the mail"


class Stopped(OSError):
    """A talk with a mail server came no further than `step`. `code` is its reply, 0 if there was none."""

    def __init__(
        self, step: Step, code: int = 0, says: bytes | str = b"", cause: OSError | None = None
    ) -> None:
        self.step = step
        self.code = code if code in _REPLIES else 0
        self.says = _in_one_line(says)
        self.cause = cause
        super().__init__(f"{step.value}: {self.reply or cause}")

    @property
    def reply(self) -> str:
        """The server's reply in its own words, empty if there was none. Often there is an address in it."""
        return f"{self.code} {self.says}".strip() if self.code else ""

    @property
    def reply_in_numbers(self) -> str:
        """Its reply as a log may keep it."""
        return f"{self.code} {self._detail}".strip() if self.code else "no answer"

    @property
    def may_be_taken(self) -> bool:
        """Whether the mail was all there, and nobody knows whether the server took it."""
        return self.step is Step.END and self.code < _REFUSALS

    @property
    def refuses_address(self) -> bool:
        """Whether it said for good that this address takes no mails. Every other refusal is the server's own, or of how it is set up."""
        if self.code < FOR_GOOD or self.step not in (Step.RECIPIENT, Step.END):
            return False
        if self._detail not in ("", _OF_ANY_ADDRESS):
            return self._detail.startswith(_OF_AN_ADDRESS) and self._detail not in _OF_THE_SENDER
        is_bare = self.step is Step.RECIPIENT and self.code in _OF_A_RECIPIENT
        return is_bare and not _OF_WHO_SENDS.search(self.says)

    @property
    def refuses_sender(self) -> bool:
        """Whether it said for good that it takes no mails from our address. That it wants a log-in first is another matter."""
        is_for_good = self.step is Step.SENDER and self.code >= FOR_GOOD
        is_of_talk = self.code in _OF_THE_TALK or self._detail.startswith(_OF_THE_SERVER)
        return is_for_good and not is_of_talk

    @property
    def _detail(self) -> str:
        found = _DETAIL.search(self.says)
        return found[1] if found else ""


def in_words(stopped: Stopped) -> str:
    """What a mail server refused, or where the way to it ended: a sentence for the host."""
    if stopped.code >= _REFUSALS:
        return _refusal(stopped)
    cause = stopped.cause
    if isinstance(cause, SSLError) or "handshake" in str(cause):
        return f"No encrypted connection could be made ({_of_tls(cause)})."
    if isinstance(cause, SMTPNotSupportedError):
        return f"It doesn't offer {stopped.step.value}."
    if stopped.step is Step.LOGIN and type(cause) is SMTPException:
        return "It offers no way to log in that Beside knows (PLAIN, LOGIN or CRAM-MD5)."
    if stopped.step is Step.CONNECTION and not isinstance(
        cause, (SMTPException, ConnectionResetError)
    ):
        return f"It can't be reached ({_of_the_system(cause)})."
    return _silence(stopped)


def _refusal(stopped: Stopped) -> str:
    is_for_good = stopped.code >= FOR_GOOD
    if stopped.step is Step.LOGIN and stopped.code == _NO_SUCH_PASSWORD:
        return f"It doesn't take this name and password ({stopped.reply})."
    if stopped.refuses_address:
        return f"It takes no mail for that address ({stopped.reply})."
    when = "" if is_for_good else " for now"
    return f"It refused {stopped.step.value}{when} ({stopped.reply})."


def _silence(stopped: Stopped) -> str:
    if stopped.says or stopped.cause is None:
        says = stopped.reply or stopped.says
        said = f"It doesn't answer {stopped.step.value} as a mail server does ({says})."
    elif isinstance(stopped.cause.__context__ or stopped.cause, TimeoutError):
        said = f"It didn't answer in time, at {stopped.step.value}."
    else:
        said = f"It broke off, at {stopped.step.value}."
    return f"{said} The mail may arrive or not." if stopped.may_be_taken else said


def _of_tls(cause: OSError | None) -> str:
    words = getattr(cause, "verify_message", "") or getattr(cause, "reason", "")
    return str(words or cause)


def _of_the_system(cause: OSError | None) -> str:
    return str(cause and (cause.strerror or cause))


def _in_one_line(says: bytes | str) -> str:
    """A server's words, without what would do something to a terminal."""
    words = says.decode(errors="replace") if isinstance(says, bytes) else says
    return " ".join("".join(one if one.isprintable() else " " for one in words).split())
