"""What mail servers do at each step of a talk, and what becomes of the mail: one table for the outbox, `beside mail` and the doctor.

`serving(step, does)` is a mail server on loopback that goes along until that step.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Thread

from beside.notices import carrier
from beside.notices.mail_replies import Step
from beside.notices.sending import Answer

# Instead of a reply: the connection is closed, or nothing comes.
CUT, SILENT = b"cut", b"silent"
GOODBYE = "QUIT"
_VERBS = {
    b"EHLO": Step.GREETING,
    b"HELO": Step.GREETING,
    b"STAR": Step.ENCRYPTION,
    b"AUTH": Step.LOGIN,
    b"MAIL": Step.SENDER,
    b"RCPT": Step.RECIPIENT,
    b"DATA": Step.TEXT,
    b"QUIT": GOODBYE,
}


@dataclass(frozen=True)
class Talk:
    """At `step` the server does this. `says` is in what `beside mail` writes, empty if the mail was taken."""

    step: Step | str
    does: bytes
    answer: Answer
    says: str = ""

    @property
    def is_encrypted(self) -> bool:
        return self.step is Step.ENCRYPTION

    @property
    def has_login(self) -> bool:
        return self.step is Step.LOGIN

    def __str__(self) -> str:
        name = self.step if isinstance(self.step, str) else self.step.name
        return f"{name}: {self.does.decode(errors='replace')}"


_LATER, _GONE, _NONE = Answer.LATER, Answer.ADDRESS_REFUSED, Answer.NONE
_REFUSED_THERE = "It takes no mail for that address"
TALKS = [
    Talk(Step.CONNECTION, b"421 4.3.2 Too busy", _LATER, "refused the connection for now (421 4"),
    Talk(Step.CONNECTION, b"554 No SMTP here", _LATER, "refused the connection (554 No"),
    Talk(Step.CONNECTION, b"HTTP/1.1 400 Bad", _LATER, "doesn't answer the connection as a mail"),
    Talk(
        Step.CONNECTION, b"\xff\xfe\x00\x1b[2J", _LATER, "doesn't answer the connection as a mail"
    ),
    Talk(Step.CONNECTION, CUT, _LATER, "It broke off, at the connection"),
    Talk(Step.CONNECTION, SILENT, _LATER, "didn't answer in time, at the connection"),
    Talk(Step.GREETING, b"550 5.7.1 Not you", _LATER, "refused the greeting (EHLO) (550 5.7.1"),
    Talk(Step.GREETING, b"421 Later", _LATER, "refused the greeting (EHLO) for now (421"),
    Talk(Step.GREETING, CUT, _LATER, "It broke off, at the greeting (EHLO)"),
    Talk(Step.GREETING, SILENT, _LATER, "didn't answer in time, at the greeting"),
    Talk(Step.ENCRYPTION, b"not offered", _LATER, "It doesn't offer encryption (STARTTLS)"),
    Talk(
        Step.ENCRYPTION, b"454 TLS not available", _LATER, "refused encryption (STARTTLS) for now"
    ),
    Talk(Step.ENCRYPTION, b"501 No", _LATER, "refused encryption (STARTTLS) (501"),
    Talk(Step.ENCRYPTION, b"220 Go on", _LATER, "No encrypted connection could be made"),
    Talk(Step.ENCRYPTION, CUT, _LATER, "It broke off, at encryption (STARTTLS)"),
    Talk(Step.ENCRYPTION, SILENT, _LATER, "didn't answer in time, at encryption"),
    Talk(Step.LOGIN, b"not offered", _LATER, "It doesn't offer the log-in (AUTH)"),
    Talk(Step.LOGIN, b"other ways offered", _LATER, "no way to log in that Beside knows"),
    Talk(Step.LOGIN, b"535 5.7.8 No", _LATER, "doesn't take this name and password (535 5.7.8"),
    Talk(Step.LOGIN, b"534 5.7.9 Too weak", _LATER, "refused the log-in (AUTH) (534"),
    Talk(Step.LOGIN, b"530 5.7.0 STARTTLS", _LATER, "refused the log-in (AUTH) (530"),
    Talk(Step.LOGIN, b"454 4.7.0 Later", _LATER, "refused the log-in (AUTH) for now"),
    Talk(Step.LOGIN, CUT, _LATER, "It broke off, at the log-in"),
    Talk(Step.LOGIN, SILENT, _LATER, "didn't answer in time, at the log-in"),
    Talk(Step.SENDER, b"530 5.7.0 Log in first", _LATER, "refused the sender (MAIL) (530"),
    Talk(Step.SENDER, b"452 4.3.1 Full", _LATER, "refused the sender (MAIL) for now (452"),
    Talk(Step.SENDER, b"550 5.1.1 Who", _LATER, "refused the sender (MAIL) (550 5.1.1"),
    Talk(Step.SENDER, b"552 5.3.4 Too big", _LATER, "refused the sender (MAIL) (552"),
    Talk(Step.SENDER, b"553 5.7.1 Not yours", _LATER, "refused the sender (MAIL) (553"),
    Talk(Step.SENDER, b"421 Later", _LATER, "refused the sender (MAIL) for now (421"),
    Talk(Step.SENDER, CUT, _LATER, "It broke off, at the sender (MAIL)"),
    Talk(Step.SENDER, SILENT, _LATER, "didn't answer in time, at the sender"),
    Talk(Step.RECIPIENT, b"251 Forwarded", Answer.ACCEPTED),
    Talk(Step.RECIPIENT, b"252 Will see", Answer.ACCEPTED),
    Talk(Step.RECIPIENT, b"254 Why not", Answer.ACCEPTED),
    Talk(Step.RECIPIENT, b"421 Later", _LATER, "the recipient (RCPT) for now (421"),
    Talk(Step.RECIPIENT, b"450 4.2.0 Greylisted", _LATER, "the recipient (RCPT) for now (450"),
    Talk(Step.RECIPIENT, b"451 Later", _LATER, "the recipient (RCPT) for now (451"),
    Talk(Step.RECIPIENT, b"452 4.2.2 Full", _LATER, "the recipient (RCPT) for now (452"),
    Talk(Step.RECIPIENT, b"550 No such person", _GONE, _REFUSED_THERE),
    Talk(Step.RECIPIENT, b"550-5.1.1 Nobody\r\n550 5.1.1 here", _GONE, _REFUSED_THERE),
    Talk(Step.RECIPIENT, b"551 Gone away", _GONE, _REFUSED_THERE),
    Talk(Step.RECIPIENT, b"552 5.2.2 Full for good", _GONE, _REFUSED_THERE),
    Talk(Step.RECIPIENT, b"553 No such name", _GONE, _REFUSED_THERE),
    Talk(Step.RECIPIENT, b"554 5.2.1 Closed", _GONE, _REFUSED_THERE),
    Talk(Step.RECIPIENT, b"556 5.1.10 Null MX", _GONE, _REFUSED_THERE),
    Talk(Step.RECIPIENT, b"550 sorry, nobody (#5.1.1)", _GONE, _REFUSED_THERE),
    Talk(
        Step.RECIPIENT, b"553 not one of my rcpthosts (#5.7.1)", _LATER, "the recipient (RCPT) (553"
    ),
    Talk(Step.RECIPIENT, b"550 relay not permitted", _LATER, "the recipient (RCPT) (550 relay"),
    Talk(Step.RECIPIENT, b"550 Authentication required", _LATER, "the recipient (RCPT) (550 Auth"),
    Talk(Step.RECIPIENT, b"550 Sender verify failed", _LATER, "the recipient (RCPT) (550 Send"),
    Talk(Step.RECIPIENT, b"550 5.1.8 No such sender", _LATER, "the recipient (RCPT) (550 5.1.8"),
    Talk(Step.RECIPIENT, b"550 5.1.0 Sender rejected", _LATER, "the recipient (RCPT) (550 5.1.0"),
    Talk(Step.RECIPIENT, b"550 5.1.0 No such person", _GONE, _REFUSED_THERE),
    Talk(Step.RECIPIENT, b"550 5.7.1 Relaying denied", _LATER, "the recipient (RCPT) (550 5.7.1"),
    Talk(Step.RECIPIENT, b"530 5.7.0 Log in first", _LATER, "the recipient (RCPT) (530"),
    Talk(Step.RECIPIENT, b"535 5.7.8 Log in", _LATER, "the recipient (RCPT) (535"),
    Talk(Step.RECIPIENT, b"503 5.5.1 Log in first", _LATER, "the recipient (RCPT) (503"),
    Talk(Step.RECIPIENT, b"552 5.3.4 Too big", _LATER, "the recipient (RCPT) (552"),
    Talk(Step.RECIPIENT, b"554 5.7.1 relay access denied", _LATER, "the recipient (RCPT) (554"),
    Talk(Step.RECIPIENT, b"554 Transaction failed", _LATER, "the recipient (RCPT) (554"),
    Talk(Step.RECIPIENT, CUT, _LATER, "It broke off, at the recipient"),
    Talk(Step.RECIPIENT, SILENT, _LATER, "didn't answer in time, at the recipient"),
    Talk(Step.TEXT, b"354 Go on", Answer.ACCEPTED),
    Talk(Step.TEXT, b"250 Go on", _LATER, "mail server does (250 Go on)"),
    Talk(Step.TEXT, b"451 Later", _LATER, "refused the mail (DATA) for now (451"),
    Talk(Step.TEXT, b"550 5.1.1 Too late", _LATER, "refused the mail (DATA) (550"),
    Talk(Step.TEXT, b"554 5.5.1 No recipients", _LATER, "refused the mail (DATA) (554"),
    Talk(Step.TEXT, CUT, _LATER, "It broke off, at the mail (DATA)"),
    Talk(Step.TEXT, SILENT, _LATER, "didn't answer in time, at the mail"),
    Talk(Step.END, b"250 Taken", Answer.ACCEPTED),
    Talk(Step.END, b"252 Taken", Answer.ACCEPTED),
    Talk(Step.END, b"421 Later", _LATER, "refused the end of the mail for now (421"),
    Talk(Step.END, b"451 Later", _LATER, "refused the end of the mail for now (451"),
    Talk(Step.END, b"452 Full", _LATER, "refused the end of the mail for now (452"),
    Talk(Step.END, b"550 5.1.1 Nobody", _GONE, _REFUSED_THERE),
    Talk(Step.END, b"550 Looks like spam", _LATER, "refused the end of the mail (550"),
    Talk(Step.END, b"552 5.3.4 Too big", _LATER, "refused the end of the mail (552"),
    Talk(Step.END, b"554 5.7.1 spam", _LATER, "refused the end of the mail (554"),
    Talk(Step.END, b"354 What", _NONE, "server does (354 What). The mail may arrive or not"),
    Talk(Step.END, b"What", _NONE, "The mail may arrive or not"),
    Talk(Step.END, b"5" * 9000, _NONE, "The mail may arrive or not"),
    Talk(Step.END, CUT, _NONE, "broke off, at the end of the mail. The mail may arrive or not"),
    Talk(Step.END, SILENT, _NONE, "in time, at the end of the mail. The mail may arrive or not"),
    Talk(GOODBYE, b"500 What", Answer.ACCEPTED),
    Talk(GOODBYE, CUT, Answer.ACCEPTED),
    Talk(GOODBYE, SILENT, Answer.ACCEPTED),
]


class _Server(ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, talk: Talk) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.talk = talk
        self.is_over = Event()
        # How often it was given a whole mail.
        self.given = 0
        self.port: int = self.server_address[1]


class _Session(StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        if not self._does(Step.CONNECTION, b"220 peer"):
            return
        while line := self._line():
            step = _VERBS.get(line[:4].upper(), Step.GREETING)
            if not self._does(step, self._usual(step)):
                return
            if step is Step.TEXT and self.server.talk.does != b"250 Go on":
                if self.server.talk.step is step and self.server.talk.does[:1] != b"3":
                    continue
                if not self._takes_text():
                    return

    def _line(self) -> bytes:
        try:
            return self.rfile.readline()
        except OSError:
            return b""

    def _usual(self, step: Step | str) -> bytes:
        talk = self.server.talk
        if step is Step.GREETING:
            offers = [b"250-peer"]
            if talk.step is Step.ENCRYPTION and talk.does != b"not offered":
                offers.append(b"250-STARTTLS")
            if talk.step is Step.LOGIN and talk.does != b"not offered":
                ways = b"GSSAPI" if talk.does == b"other ways offered" else b"PLAIN"
                offers.append(b"250-AUTH " + ways)
            return b"\r\n".join([*offers, b"250 SIZE"])
        return {Step.TEXT: b"354 Go on", GOODBYE: b"221 Bye"}.get(step, b"250 Yes")

    def _takes_text(self) -> bool:
        while (line := self._line()) != b".\r\n":
            if not line:
                return False
        self.server.given += 1
        return self._does(Step.END, b"250 Taken")

    def _does(self, step: Step | str, usual: bytes) -> bool:
        """Whether the talk goes on after this step."""
        talk = self.server.talk
        does = talk.does if talk.step == step else usual
        if does == SILENT:
            self.server.is_over.wait()
        if does in (CUT, SILENT):
            return False
        self.wfile.write(does + b"\r\n")
        return True


@contextmanager
def serving(talk: Talk) -> Iterator[_Server]:
    with _Server(talk) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.is_over.set()
        server.shutdown()


@contextmanager
def short_of_patience(talk: Talk, monkeypatch) -> Iterator[None]:
    """Wait a moment only for what doesn't come, so that nothing else depends on how quick this machine is."""
    with monkeypatch.context() as changed:
        if talk.does == SILENT:
            usual = carrier.Carrier._seconds_for
            changed.setattr(
                carrier.Carrier,
                "_seconds_for",
                lambda one, step: 0.2 if step is talk.step else usual(one, step),
            )
        yield


def use(server: _Server, settings) -> None:
    """Send mails there."""
    settings.MAIL_CARRIER = "beside.notices.carrier.Carrier"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = server.talk.is_encrypted, False
    name = "rose" if server.talk.has_login else ""
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = name
    settings.DEFAULT_FROM_EMAIL = "beside@place.example"
