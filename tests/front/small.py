"""A small application behind the front, with few threads, so that tests can fill them.

`patient` waits for slow clients far longer than any test, so what is in progress stays so. `hasty` ends
them almost at once, so nobody waits for that.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from threading import Event

from beside.front.app import Front, Paths
from beside.front.limits import Limits
from beside.front.uploads import ANNOUNCED

NEVER_S, SOON_S = 600, 2
LIMITS = Limits(
    address_at_once=40,
    person_at_once=20,
    page_threads=2,
    write_threads=1,
    photograph_threads=1,
    upload_threads=1,
    form_threads=2,
    stream_threads=1,
    body_bytes=100_000,
    body_s=NEVER_S,
    idle_s=NEVER_S,
    first_piece_bytes=1000,
    piece_bytes=4000,
    uploads_at_once=6,
    uploads_of_person=3,
    streams_at_once=6,
    streams_of_person=3,
    unread_bytes=12_000_000,
    unread_of_person=8_000_000,
    unread_s=NEVER_S,
    lowest_rate=10_000_000,
)
PIECES, PIECE = 40, b"0123456789abcdef" * 65_536
PHOTOGRAPH = b"p" * 6_000_000

counts: Counter[str] = Counter()
upload = bytearray()
announced: list[int] = []
goes_on, is_written = Event(), Event()


class Streamed:
    streaming = True

    def __init__(self, left=PIECES):
        self.left = left
        counts["streams begun"] += 1

    def __iter__(self):
        return self

    def __next__(self):
        if not self.left:
            raise StopIteration
        self.left -= 1
        return PIECE

    def close(self):
        counts["streams closed"] += 1


def pages(environ, start_response):
    path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
    counts[f"{method} {path}"] += 1
    if path in _ANSWERS:
        return _ANSWERS[path](environ, start_response)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"a page"]


def _stream(environ, start_response):
    start_response("200 OK", [("Content-Length", str(PIECES * len(PIECE)))])
    return Streamed()


def _stream_hangs(environ, start_response):
    goes_on.wait(NEVER_S)
    return _stream(environ, start_response)


def _write(environ, start_response):
    if environ["REQUEST_METHOD"] == "POST":
        is_written.wait(NEVER_S)
    else:
        is_written.set()
    start_response("200 OK", [])
    return []


def _goes_on(environ, start_response):
    goes_on.set()
    start_response("200 OK", [])
    return []


def _broken_stream(environ, start_response):
    def broken():
        raise ValueError
        yield

    class Broken(Streamed):
        __next__ = broken().__next__

    start_response("200 OK", [("Content-Length", str(PIECES * len(PIECE)))])
    return Broken()


def _short_stream(environ, start_response):
    start_response("200 OK", [])
    return Streamed(left=0)


def _environ(environ, start_response):
    start_response("200 OK", [])
    said = {key: value for key, value in environ.items() if isinstance(value, str)}
    return [json.dumps(said).encode()]


def _counts(environ, start_response):
    start_response("200 OK", [])
    return [json.dumps({**counts, "uploaded": len(upload), "announced": announced}).encode()]


def _read(environ, start_response):
    read = 0
    while chunk := environ["wsgi.input"].read(65_536):
        read += len(chunk)
    start_response("200 OK", [])
    return [str(read).encode()]


def _fails(environ, start_response):
    raise ValueError


def _upload(environ, start_response):
    if environ["REQUEST_METHOD"] == "HEAD":
        start_response("200 OK", [("Upload-Offset", str(len(upload)))])
        return []
    if environ["REQUEST_METHOD"] == "POST":
        upload.clear()
        announced.clear()
    elif not re.fullmatch("[0-9]{1,19}", environ["HTTP_UPLOAD_OFFSET"]):
        start_response("400 Bad Request", [])
        return [b"offset?"]
    elif int(environ["HTTP_UPLOAD_OFFSET"]) != len(upload):
        start_response("409 Conflict", [])
        return [b"elsewhere"]
    announced.append(environ[ANNOUNCED])
    upload.extend(environ["wsgi.input"].read())
    status = "201 Created" if environ["REQUEST_METHOD"] == "POST" else "204 No Content"
    start_response(status, [("Upload-Offset", str(len(upload))), ("Location", "/upload")])
    return []


_ANSWERS = {
    "/stream": _stream,
    "/stream-hangs": _stream_hangs,
    "/write": _write,
    "/goes-on": _goes_on,
    "/stream-broken": _broken_stream,
    "/short-stream": _short_stream,
    "/environ": _environ,
    "/counts": _counts,
    "/read": _read,
    "/fails": _fails,
    "/upload": _upload,
}


def photographs(environ, start_response):
    start_response("200 OK", [("Content-Type", "image/avif")])
    return [PHOTOGRAPH]


def _front(limits):
    return Front(
        pages,
        photographs,
        paths=Paths("/p/", ("/stream",)),
        session_cookie="session",
        trusted_proxies=1,
        limits=limits,
    )


patient = _front(LIMITS)
hasty = _front(replace(LIMITS, body_s=SOON_S, idle_s=SOON_S, unread_s=SOON_S))
