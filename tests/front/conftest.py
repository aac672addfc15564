from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPResponse

import pytest

# Far longer than any deadline in `small.LIMITS`: how long a test waits before it says that it never came.
PATIENCE_S = 60


class Server:
    """A front in a process of its own. Every test has an address of its own, as if behind a proxy."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.opened: list[socket.socket] = []

    def ask(self, path, *, method="GET", address="198.51.100.1", body=None, **headers):
        asking = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        asking.request(method, path, body, {"X-Forwarded-For": address, **sent})
        answer = asking.getresponse()
        answer.data = answer.read()
        asking.close()
        return answer

    def open(self, text: str, body: bytes = b"", *, address="198.51.100.2") -> socket.socket:
        """A connection on which `text` was sent, lines as in a source file, and `body`; it stays open."""
        opened = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S)
        self.opened.append(opened)
        lines = [line.strip() for line in text.strip().splitlines()]
        lines += [f"X-Forwarded-For: {address}", "Host: localhost", "", ""]
        opened.sendall("\r\n".join(lines).encode() + body)
        return opened

    def counts(self) -> dict:
        return json.loads(self.ask("/counts", address="198.51.100.99").data)


def answer_on(opened: socket.socket) -> HTTPResponse:
    answer = HTTPResponse(opened)
    answer.begin()
    answer.data = answer.read()
    answer.close()
    return answer


def until(holds: Callable[[], object]) -> None:
    ends = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends:
        if holds():
            return
        time.sleep(0.05)
    pytest.fail("it never came")


@pytest.fixture
def server(port: int) -> Iterator[Server]:
    server = Server(port)
    yield server
    for opened in server.opened:
        opened.close()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "tests.front.small:application"]
    command += ["--interface", "rsgi", "--http", "1", "--no-ws", "--port", str(port)]
    with subprocess.Popen(command) as process:
        until(lambda: _is_listening(port))
        yield port
        process.terminate()


def _is_listening(port: int) -> bool:
    with socket.socket() as knocking:
        return knocking.connect_ex(("127.0.0.1", port)) == 0
