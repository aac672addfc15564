"""The place that `bench.page_times` asks for its pages, and the process that answers how long each took.

It runs with the interpreter and the `beside` of the checkout that is measured, so it uses little but models.
"""

from __future__ import annotations

import io
import json
import os
import sys
import time
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beside.config.settings")
django.setup()

from django.conf import settings  # noqa: E402 -- Django comes first
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import connection  # noqa: E402

from bench import neighbours  # noqa: E402
from beside.cli.process.setup import prepare  # noqa: E402

FOLLOWED, LETTERS_EACH = 20, 10
# PostgreSQL plans a statement anew for its first six times on a connection.
WARM = 8


def main() -> None:
    """Make the place, name its pages, then answer each line of the input with a line."""
    prepare()
    known = neighbours.make(FOLLOWED, LETTERS_EACH)
    cookie = f"{settings.SESSION_COOKIE_NAME}={known.client.session.session_key}"
    answer = WSGIHandler()
    for path in known.pages.values():
        for _ in range(WARM):
            took(answer, path, cookie)
    tell(list(known.pages))
    for line in sys.stdin:
        page, what, times = json.loads(line)
        told: dict[str, Any] = {"took": [], "processor": []}
        path = known.pages[page]
        for _ in range(WARM if what == "warm" else 1):
            took(answer, path, cookie)
        for _ in range(times):
            if what == "new":
                connection.close()
            wall, processor = took(answer, path, cookie)
            told["took"].append(wall)
            told["processor"].append(processor)
        told["statements"] = statements(answer, path, cookie)
        tell(told)


def tell(what: object) -> None:
    """One line that isn't the program's own output."""
    print("told", json.dumps(what), flush=True)


def took(answer: WSGIHandler, path: str, cookie: str) -> tuple[float, float]:
    """Milliseconds of one request, and of processor time in this process."""
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost",
        "HTTP_COOKIE": cookie,
        "HTTP_ACCEPT_LANGUAGE": "en-GB,en;q=0.8",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "REMOTE_ADDR": "127.0.0.1",
    }
    statuses: list[str] = []
    began, processor = time.perf_counter(), time.process_time()
    response = answer(environ, lambda status, *_: statuses.append(status))  # type: ignore[arg-type]
    b"".join(response)
    response.close()
    spent = time.perf_counter() - began, time.process_time() - processor
    assert statuses == ["200 OK"], (path, statuses)
    return spent[0] * 1000, spent[1] * 1000


def statements(answer: WSGIHandler, path: str, cookie: str) -> int | None:
    """How many statements a request runs. Only SQLite's connection tells of all of them."""
    if connection.vendor != "sqlite":
        return None
    counted: list[object] = []
    connection.ensure_connection()
    connection.connection.set_trace_callback(counted.append)
    took(answer, path, cookie)
    connection.connection.set_trace_callback(None)
    return len(counted)


if __name__ == "__main__":
    main()
