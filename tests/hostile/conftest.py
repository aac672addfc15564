"""A place as `beside serve` runs it, with everything in it that somebody might attack."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import dj_database_url
import pytest

from bench.start import environment, is_well
from tests.postgres import programs
from tests.serving import BESIDE, PATIENCE_S, free_port, running, until

# Django takes this where the cookie and the form agree, as in any browser that has seen a form.
CSRF = "c" * 32


class Place:
    """A served place. `told` says what is in it (`tests.hostile.place`)."""

    def __init__(self, port: int, folder: Path, told: dict[str, Any]) -> None:
        self.port = port
        self.folder = folder
        self.told = told
        self.opened: list[socket.socket] = []

    def path(self, name: str) -> str:
        """The path of a page by the name of its URL."""
        return str(self.told["paths"][name])

    def ask(
        self,
        method: str,
        path: str,
        *,
        cookie: str = "",
        body: bytes | None = None,
        address: str = "127.0.0.1",
        **headers: str,
    ) -> HTTPResponse:
        """One request from `address`, and its whole answer, with the body as `data`."""
        asking = HTTPConnection(
            "127.0.0.1", self.port, timeout=PATIENCE_S, source_address=(address, 0)
        )
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        asking.request(method, path, body, {"Host": "localhost", "Cookie": cookie, **sent})
        answer = asking.getresponse()
        answer.data = answer.read()
        asking.close()
        return answer

    def ask_patiently(self, method: str, path: str, **how: Any) -> HTTPResponse:
        """As `ask`, once slow clients of a test before have left room for one more request."""
        answers: list[HTTPResponse] = []
        until(lambda: answers.append(self.ask(method, path, **how)) or _came(answers[-1]))
        return answers[-1]

    def post(
        self, path: str, form: Mapping[str, str], *, cookie: str = "", address: str = "127.0.0.1"
    ) -> HTTPResponse:
        """Send a form as a browser that has seen it."""
        return self.ask(
            "POST",
            path,
            cookie=f"{cookie}; csrf={CSRF}",
            body=urlencode({**form, "csrfmiddlewaretoken": CSRF}).encode(),
            address=address,
            Content_Type="application/x-www-form-urlencoded",
        )

    def open(self, text: str, body: bytes = b"", *, address: str = "127.0.0.1") -> socket.socket:
        """A connection on which `text` (a request line, headers) and `body` were sent. It stays open."""
        line, *headers = (line.strip() for line in text.strip().splitlines())
        opened = self._connected(address)
        opened.sendall("\r\n".join([line, "Host: localhost", *headers, "", ""]).encode() + body)
        return opened

    def open_unfinished(self, text: str, *, address: str) -> socket.socket:
        """A connection on which headers have begun and don't end."""
        opened = self._connected(address)
        opened.sendall(text.replace("\n", "\r\n").encode())
        return opened

    def _connected(self, address: str) -> socket.socket:
        opened = socket.socket()
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        opened.settimeout(PATIENCE_S)
        opened.bind((address, 0))
        opened.connect(("127.0.0.1", self.port))
        self.opened.append(opened)
        return opened

    def mails(self) -> list[str]:
        """The mails that were filed, oldest first."""
        filed = (self.folder / "data" / "mail").glob("*")
        return [path.read_text("utf-8") for path in sorted(filed, key=os.path.getmtime)]


def _came(answer: HTTPResponse) -> bool:
    return answer.status not in (429, 503)


@pytest.fixture
def place(served: Place) -> Iterator[Place]:
    """The place that all of these tests share; what a test leaves open is closed after it."""
    yield served
    for opened in served.opened:
        opened.close()
    served.opened.clear()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Make the place and serve it."""
    folder, port = tmp_path_factory.mktemp("place"), free_port()
    environ = environment(folder, port) | _own_database()
    # What is compiled already is used here, unlike in a measurement.
    environ.pop("PYTHONPYCACHEPREFIX")
    environ.pop("DJANGO_SETTINGS_MODULE", None)
    making = [sys.executable, "-m", "tests.hostile.place"]
    made = subprocess.run(making, env=environ, check=True, stdout=subprocess.PIPE)
    with running([BESIDE, "serve"], environ):
        until(lambda: is_well(port))
        yield Place(port, folder, json.loads(made.stdout))


def _own_database() -> dict[str, str]:
    """On PostgreSQL a database of the place's own, in the cluster that the tests run on."""
    if (url := os.environ.get("BESIDE_TEST_DATABASE_URL")) is None:
        return {}
    cluster, name = dj_database_url.parse(url), f"served_{uuid4().hex}"
    where = ["-h", cluster["HOST"], "-U", cluster["USER"]]
    subprocess.run([programs() / "createdb", *where, name], check=True)
    return {"BESIDE_DATABASE_URL": urlsplit(url)._replace(path=f"/{name}").geturl()}
