from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from beside.cli.process import health
from tests.serving import free_port


class Answering(BaseHTTPRequestHandler):
    """Answers as a place does, which knows no name but its own and this machine's."""

    def do_GET(self) -> None:
        self.send_response(200 if self.headers["Host"] == "localhost" else 400)
        self.end_headers()
        self.wfile.write(b"ready\n")

    def log_message(self, *said: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "localhost"])
def test_it_answers_at_whichever_address_it_listens(port, host):
    assert health.of(host, port, within_s=60) == (200, b"ready\n")


def test_where_nothing_listens_there_is_no_answer():
    assert health.of("127.0.0.1", free_port(), within_s=60) is None
