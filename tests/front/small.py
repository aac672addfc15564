"""A small application behind the front, with few threads and short deadlines, so that tests can fill them."""

from __future__ import annotations

import json
import threading
from collections import Counter

from beside.front.app import Front
from beside.front.limits import Limits
from beside.front.uploads import ANNOUNCED

LIMITS = Limits(
    address_at_once=40,
    person_at_once=20,
    page_threads=2,
    photograph_threads=1,
    upload_threads=1,
    form_threads=2,
    stream_threads=1,
    body_bytes=100_000,
    body_s=3,
    idle_s=3,
    first_piece_bytes=1000,
    piece_bytes=4000,
    uploads_at_once=6,
    uploads_of_person=3,
    streams_at_once=6,
    streams_of_person=3,
    unread_bytes=12_000_000,
    unread_of_person=8_000_000,
    unread_s=3,
    lowest_rate=10_000_000,
)
PIECES, PIECE = 40, b"0123456789abcdef" * 65_536
PHOTOGRAPH = b"p" * 6_000_000

counts: Counter[str] = Counter()
upload = bytearray()
announced: list[int] = []
held = threading.Event()


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
    headers = [("Content-Type", "text/plain")]
    if path == "/stream":
        if method == "HEAD":
            start_response("200 OK", [("Content-Length", str(PIECES * len(PIECE)))])
            return []
        size = len(PIECE) * PIECES
        start_response("200 OK", [*headers, ("Content-Length", str(size))])
        return Streamed()
    if path == "/short-stream":
        start_response("200 OK", headers)
        answer = Streamed(left=0)
        return answer
    if path == "/upload":
        return _upload(environ, start_response)
    if path == "/fails":
        raise ValueError
    if path == "/environ":
        said = {key: value for key, value in environ.items() if isinstance(value, str)}
        body = json.dumps(said).encode()
    elif path == "/counts":
        body = json.dumps({**counts, "uploaded": len(upload), "announced": announced}).encode()
    elif path == "/read":
        read = 0
        stream = environ["wsgi.input"]
        while chunk := stream.read(65_536):
            read += len(chunk)
        body = str(read).encode()
    else:
        body = b"a page"
    start_response("200 OK", headers)
    return [body]


def _upload(environ, start_response):
    if environ["REQUEST_METHOD"] == "HEAD":
        start_response("200 OK", [("Upload-Offset", str(len(upload)))])
        return []
    if environ["REQUEST_METHOD"] == "POST":
        upload.clear()
        announced.clear()
    elif int(environ["HTTP_UPLOAD_OFFSET"]) != len(upload):
        start_response("409 Conflict", [])
        return [b"elsewhere"]
    announced.append(environ[ANNOUNCED])
    upload.extend(environ["wsgi.input"].read())
    status = "201 Created" if environ["REQUEST_METHOD"] == "POST" else "204 No Content"
    start_response(status, [("Upload-Offset", str(len(upload))), ("Location", "/upload")])
    return []


def photographs(environ, start_response):
    start_response("200 OK", [("Content-Type", "image/avif")])
    return [PHOTOGRAPH]


application = Front(
    pages, photographs, prefix="/p/", session_cookie="session", trusted_proxies=1, limits=LIMITS
)
