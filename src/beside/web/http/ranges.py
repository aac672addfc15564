"""Sending a file that is generated while it is sent, and resuming it where the connection broke.

How many are sent at once is bounded by the front alone (`front.limits.Limits.streams_at_once`): every server
process is behind it, and it knows whose connections they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

_FROM_HERE_ON = re.compile(r"bytes=(\d{1,18})-$")


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

    `size` is in bytes. `mark` becomes the ETag: the same mark promises the same bytes.
    """
    tag = f'"{mark}"'
    after = _has_already(request, size=size, tag=tag)
    if request.method == "HEAD":
        response: HttpResponseBase = HttpResponse(content_type=media_type)
    else:
        response = StreamingHttpResponse(_rest(pieces, after), content_type=media_type)
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


def _rest(pieces: Iterator[bytes], after: int) -> Iterator[bytes]:
    """The pieces without the first `after` bytes."""
    for piece in pieces:
        if rest := piece[after:]:
            yield rest
        after -= len(piece) - len(rest)


def _has_already(request: HttpRequest, *, size: int, tag: str) -> int:
    """How many bytes the client has. None, if they are of another file, or if it asks for more than "from here on"."""
    asked = _FROM_HERE_ON.match(request.headers.get("Range", ""))
    if asked is None or request.method != "GET" or request.headers.get("If-Range", tag) != tag:
        return 0
    after = int(asked[1])
    return after if after < size else 0
