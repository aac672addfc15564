from __future__ import annotations

import json
import socket
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse

import pytest

from tests.serving import PATIENCE_S, free_port, running, until


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

    def close(self) -> None:
        for opened in self.opened:
            opened.close()

    def counts(self) -> Counter[str]:
        """How often what happened; what hasn't happened yet is counted too."""
        return Counter(json.loads(self.ask("/counts", address="198.51.100.99").data))


def all_streams_are_closed(server: Server) -> bool:
    counts = server.counts()
    return counts["streams begun"] == counts["streams closed"]


def answer_on(opened: socket.socket) -> HTTPResponse:
    answer = HTTPResponse(opened)
    answer.begin()
    answer.data = answer.read()
    answer.close()
    return answer


@pytest.fixture
def server(patient_port: int) -> Iterator[Server]:
    """A server that ends no client. The next test's are not refused because this one's streams go on."""
    with closing(Server(patient_port)) as server:
        yield server
    until(lambda: all_streams_are_closed(server))


@pytest.fixture
def hasty(hasty_port: int) -> Iterator[Server]:
    """One that soon ends every client that is slow."""
    with closing(Server(hasty_port)) as server:
        yield server


@pytest.fixture(scope="module")
def patient_port() -> Iterator[int]:
    with _granian("patient") as port:
        yield port


@pytest.fixture(scope="module")
def hasty_port() -> Iterator[int]:
    with _granian("hasty") as port:
        yield port


@contextmanager
def _granian(application: str) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "granian", f"tests.front.small:{application}"]
    command += ["--interface", "rsgi", "--http", "1", "--no-ws", "--port", str(port)]
    with running(command):
        until(lambda: _is_listening(port))
        yield port


def _is_listening(port: int) -> bool:
    with socket.socket() as knocking:
        return knocking.connect_ex(("127.0.0.1", port)) == 0
