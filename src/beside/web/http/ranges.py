"""Sending a file that is generated while it is sent, and resuming it where the connection broke."""

from __future__ import annotations

import re
from collections.abc import Iterator
from threading import BoundedSemaphore

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

# Each download holds one of the server's threads for as long as it lasts (`BLOCKING_THREADS`).
AT_ONCE = 8
_rooms = BoundedSemaphore(AT_ONCE)
_FROM_HERE_ON = re.compile(r"bytes=(\d{1,18})-$")


class TooManyDownloads(Exception):
    """As many downloads are running as this server allows at once."""


class _Rest:
    """The rest of a file. Django closes it at the end, and when the client has gone."""

    def __init__(self, pieces: Iterator[bytes], *, after: int) -> None:
        if not _rooms.acquire(blocking=False):
            raise TooManyDownloads
        self._pieces = pieces
        self._left_out = after
        self._has_room = True

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        for piece in self._pieces:
            rest = piece[self._left_out :]
            self._left_out -= len(piece) - len(rest)
            if rest:
                return rest
        self.close()
        raise StopIteration

    def close(self) -> None:
        """Release the slot. Calling this twice is harmless."""
        if self._has_room:
            self._has_room = False
            _rooms.release()


def answer(
    request: HttpRequest,
    pieces: Iterator[bytes],
    *,
    size: int,
    mark: str,
    media_type: str,
    name: str,
) -> HttpResponseBase:
    """The file as a download, or the rest of it if the client has its beginning already (RFC 9110, 14.2).

    `size` is in bytes. `mark` becomes the ETag: the same mark promises the same bytes. Raises `TooManyDownloads`.
    """
    tag = f'"{mark}"'
    after = _has_already(request, size=size, tag=tag)
    if request.method == "HEAD":
        response: HttpResponseBase = HttpResponse(content_type=media_type)
    else:
        response = StreamingHttpResponse(_Rest(pieces, after=after), content_type=media_type)
    if after:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {after}-{size - 1}/{size}"
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["ETag"] = tag
    response.headers["Content-Length"] = str(size - after)
    response.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=name
    )
    return response


def _has_already(request: HttpRequest, *, size: int, tag: str) -> int:
    """How many bytes the client has. None, if they are of another file, or if it asks for more than "from here on"."""
    asked = _FROM_HERE_ON.match(request.headers.get("Range", ""))
    if asked is None or request.method != "GET" or request.headers.get("If-Range", tag) != tag:
        return 0
    after = int(asked[1])
    return after if after < size else 0
