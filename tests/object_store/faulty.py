"""What stands between Beside and its store, and does wrong on purpose."""

from __future__ import annotations

import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import urlsplit

ENOUGH_S = 60
_NOT_PASSED_ON = {"connection", "transfer-encoding", "keep-alive", "content-length"}


class Faulty:
    """A proxy before the store at `endpoint`, which is honest until it is told otherwise.

    `stalls`: it takes every request and answers none. `forgets`: so many writes are done, and answered with 500.
    `refuses`: it answers everything with 403. `lists_late`: it lists what it listed first, whatever is there by now.
    `only`: the one bucket with which it does wrong; empty: every bucket.
    """

    def __init__(self, endpoint: str) -> None:
        upstream = urlsplit(endpoint).netloc
        faulty = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                faulty.answer(self, upstream)

            do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = answer  # noqa: N815

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                return

        self.requests = 0
        self._goes_on = threading.Event()
        self.be_honest()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Faulty:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        what: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self._goes_on.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(ENOUGH_S)

    def be_honest(self) -> None:
        """Do no wrong any more. Whoever was held up is let go of without an answer."""
        self.stalls = self.refuses = self.lists_late = False
        self.forgets, self.only = 0, ""
        self._listed: dict[str, tuple[int, bytes, dict[str, str]]] = {}
        self._goes_on.set()
        self._goes_on = threading.Event()

    def answer(self, asked: BaseHTTPRequestHandler, upstream: str) -> None:
        self.requests += 1
        body = asked.rfile.read(int(asked.headers.get("Content-Length", "0")))
        if self.only and not asked.path.startswith(f"/{self.only}"):
            return _say(asked, *_passed_on(asked, upstream, body))
        if self.stalls:
            self._goes_on.wait(ENOUGH_S)
            asked.close_connection = True
            return None
        if self.refuses:
            return _say(asked, 403, b"<Error><Code>AccessDenied</Code></Error>", {})
        answer = _passed_on(asked, upstream, body)
        if self.lists_late and "list-type=2" in asked.path:
            answer = self._listed.setdefault(asked.path, answer)
        status, said, headers = answer
        if self.forgets and asked.command == "PUT":
            self.forgets -= 1
            return _say(asked, 500, b"<Error><Code>InternalError</Code></Error>", {})
        return _say(asked, status, said, headers)


def _passed_on(
    asked: BaseHTTPRequestHandler, upstream: str, body: bytes
) -> tuple[int, bytes, dict[str, str]]:
    """With the host that the request was signed for."""
    line = http.client.HTTPConnection(upstream, timeout=ENOUGH_S)
    try:
        line.putrequest(asked.command, asked.path, skip_host=True, skip_accept_encoding=True)
        for name, value in asked.headers.items():
            line.putheader(name, value)
        line.endheaders(body)
        answer = line.getresponse()
        said = answer.read()
        headers = {n: v for n, v in answer.getheaders() if n.lower() not in _NOT_PASSED_ON}
        if asked.command == "HEAD":
            headers["Content-Length"] = answer.headers.get("Content-Length", "0")
        return answer.status, said, headers
    finally:
        line.close()


def _say(asked: BaseHTTPRequestHandler, status: int, said: bytes, headers: dict[str, str]) -> None:
    asked.send_response_only(status)
    for name, value in headers.items():
        asked.send_header(name, value)
    if "Content-Length" not in headers:
        asked.send_header("Content-Length", str(len(said)))
    asked.end_headers()
    asked.wfile.write(said)
