"""A mail server on loopback that writes down each mail that it takes, and answers as the address asks it to.

python -m tests.smtp_peer /tmp/taken        prints its port, and serves until its input is closed
"""

from __future__ import annotations

import base64
import email
import email.policy
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from socketserver import StreamRequestHandler, TCPServer
from threading import Thread

# The part before the @ of an address, and the answer when it is named as a recipient.
REFUSING = {
    "gone": b"550 No such person",
    "full": b"451 Later",
    "busy": b"421 Too many",
    "relayed": b"554 5.7.1 Relay access denied",
}
# The part before the @ of a sender for whom it sends nothing, and the only password that it takes.
STRANGER, PASSWORD = b"stranger", b"right"
# Takes the mail and breaks off without a word.
BREAKS_OFF = "silent"


class Peer(TCPServer):
    """`taken` is every mail that was taken, in its order. It talks with one client after another."""

    def __init__(self, file: Path | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.taken: list[EmailMessage] = []
        self.bytes_taken: list[bytes] = []
        self.file = file
        self.port: int = self.server_address[1]

    def take(self, written: bytes) -> None:
        message = email.message_from_bytes(written, policy=email.policy.default)
        self.taken.append(message)
        self.bytes_taken.append(written)
        if self.file is not None:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with self.file.open("a") as lines:
                lines.write(f"{message['Message-ID']}\n")


class _Session(StreamRequestHandler):
    server: Peer

    def handle(self) -> None:
        self._say(b"220 peer")
        name = ""
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"RCPT":
                name = line.partition(b"<")[2].partition(b"@")[0].decode().lower()
                self._say(REFUSING.get(name, b"250 Yes"))
            elif verb == b"DATA":
                self._say(b"354 Go on")
                if (written := self._data()) is None:
                    return
                self.server.take(written)
                if name == BREAKS_OFF:
                    return
                self._say(b"250 Taken")
            elif verb == b"QUIT":
                self._say(b"221 Bye")
                return
            else:
                self._say(_answer(verb, line))

    def _data(self) -> bytes | None:
        """None if the client was gone before the end."""
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return None
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def _say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")


def _answer(verb: bytes, line: bytes) -> bytes:
    """What it says of who is there, and for whom they send."""
    if verb == b"EHLO":
        return b"250-peer\r\n250 AUTH PLAIN"
    if verb == b"AUTH":
        password = base64.b64decode(line.split()[-1]).rpartition(b"\0")[2]
        return b"235 Yes" if password == PASSWORD else b"535 No such password"
    if verb == b"MAIL" and STRANGER in line:
        return b"553 Not for you"
    return b"250 Yes"


@contextmanager
def running(file: Path | None = None) -> Iterator[Peer]:
    """A peer in a thread of this process."""
    with Peer(file) as peer:
        Thread(target=peer.serve_forever, args=(0.02,), daemon=True).start()
        yield peer
        peer.shutdown()


if __name__ == "__main__":
    with running(Path(sys.argv[1])) as alone:
        print(alone.port, flush=True)
        sys.stdin.read()
