"""Handing an upload on to the application piece by piece, so that no thread waits for the rest.

Each piece of a tus body becomes a short request of its own. Whether the client may go on is asked
anew for every piece, and what a stalled line has brought is sealed before the request is refused.
"""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING

from beside.front.answers import Answer
from beside.front.bodies import Body, Collecting
from beside.front.limits import AtOnce, Limits

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

MEDIA_TYPE = "application/offset+octet-stream"
# In the environment of each piece: how many bytes the client still meant to send when it began.
# No header of a client's can have this name.
ANNOUNCED = "beside.announced_bytes"

Ask = Callable[["WSGIEnvironment"], Awaitable[Answer]]


class Uploads:
    """The uploads of one process."""

    def __init__(self, limits: Limits, collecting: Collecting) -> None:
        self._limits = limits
        self._collecting = collecting
        self._slots = AtOnce(limits.uploads_at_once, limits.uploads_of_person)

    async def hand_on(
        self, environ: WSGIEnvironment, body: Body, *, person: str, ask_first: Ask, ask: Ask
    ) -> Answer:
        """The application's answer to the last piece. Raises `Refused` where the body has a problem.

        Only an upload of which the application has taken the first, small piece gets a slot, so
        nobody without an upload of their own can fill them.
        """
        size, first = self._limits.first_piece_bytes, None
        ask_now = ask_first
        with ExitStack() as slot:
            while True:
                piece = await self._collecting.up_to(size, body)
                if piece or body.problem is None:
                    with self._collecting.keeping(piece):
                        answer = await ask_now(_for_piece(environ, piece, body))
                if body.problem:
                    raise body.problem
                first = first or answer
                offset = _next_offset(environ, answer, len(piece))
                if offset is None or body.received >= body.length:
                    return _as_asked(first, answer)
                if size == self._limits.first_piece_bytes:
                    slot.enter_context(self._slots.one_more(person))
                    ask_now = ask
                environ = _continued(environ, answer, offset)
                size = self._limits.piece_bytes - offset % self._limits.piece_bytes


def _for_piece(environ: WSGIEnvironment, piece: bytes, body: Body) -> WSGIEnvironment:
    announced = body.length - body.received + len(piece)
    return environ | {
        "wsgi.input": io.BytesIO(piece),
        "CONTENT_LENGTH": str(len(piece)),
        ANNOUNCED: announced,
    }


def _next_offset(environ: WSGIEnvironment, answer: Answer, size: int) -> int | None:
    """Where the upload goes on; None unless all of the piece was taken."""
    if answer.status not in (201, 204):
        return None
    # A client may say any nonsense, but then the application has taken nothing.
    expected = int(environ.get("HTTP_UPLOAD_OFFSET", "0")) + size
    return expected if answer.header("upload-offset") == str(expected) else None


def _continued(environ: WSGIEnvironment, answer: Answer, offset: int) -> WSGIEnvironment:
    """The request for the next piece: what came with the creation of an upload goes on at its own address."""
    later = environ | {"HTTP_UPLOAD_OFFSET": str(offset)}
    if answer.status == 201:
        later |= {"REQUEST_METHOD": "PATCH", "PATH_INFO": answer.header("location") or ""}
        later.pop("HTTP_X_HTTP_METHOD_OVERRIDE", None)
    return later


def _as_asked(first: Answer, last: Answer) -> Answer:
    """The creation's own answer, with the offset of its last piece; and any other as it is."""
    if first.status != 201 or last.status != 204:
        return last
    offset = last.header("upload-offset") or ""
    headers = [pair for pair in first.headers if pair[0].lower() != "upload-offset"]
    return Answer(201, [*headers, ("Upload-Offset", offset)], b"")
