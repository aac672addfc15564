"""What an application answered, and how it is handed to the server."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextvars import Context, copy_context
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from beside.front.limits import Refused

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

Headers = list[tuple[str, str]]
Write = Callable[[bytes], object]


class Responder(Protocol):
    """What the server offers to answer one request with."""

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None: ...
    def response_file(self, status: int, headers: Headers, file: str) -> None: ...


class Pieces:
    """A body that is made while it is sent. Pull it in one thread alone: it may hold a database cursor."""

    def __init__(self, pieces: Iterable[bytes], context: Context) -> None:
        self._pieces = iter(pieces)
        self._close: Callable[[], None] = getattr(pieces, "close", lambda: None)
        self._context = context

    def up_to(self, size: int) -> bytes:
        """The next pieces, about `size` bytes; none at the end."""
        return self._context.run(self._pull, size)

    def close(self) -> None:
        """Tell the application that it's over, whether or not everything was pulled."""
        self._context.run(self._close)

    def _pull(self, size: int) -> bytes:
        pulled: list[bytes] = []
        while size > 0 and (piece := next(self._pieces, None)) is not None:
            pulled.append(piece)
            size -= len(piece)
        return pulled[0] if len(pulled) == 1 else b"".join(pulled)


@dataclass(slots=True)
class Answer:
    """A status and headers, and a body that is either whole or still to be made."""

    status: int
    headers: Headers
    body: bytes
    pieces: Pieces | None = None

    def header(self, name: str) -> str | None:
        """The header of this name, in whichever case."""
        return next((value for key, value in self.headers if key.lower() == name), None)


def asked(application: WSGIApplication, environ: WSGIEnvironment) -> Answer:
    """Call the application; its answer's body is whole, unless Django says that it is streamed."""
    begun: list[tuple[str, Headers]] = []

    def start_response(status: str, headers: Headers, exc_info: object = None) -> Write:
        begun[:] = [(status, headers)]
        return _no_write

    returned = application(environ, start_response)
    status, headers = begun[0]
    if getattr(returned, "streaming", False):
        return Answer(int(status[:3]), headers, b"", Pieces(returned, copy_context()))
    try:
        body = b"".join(returned)
    finally:
        getattr(returned, "close", lambda: None)()
    return Answer(int(status[:3]), headers, body)


def without_body(answer: Answer) -> Answer:
    """The answer to HEAD: what a body made while it is sent would take isn't taken."""
    if answer.pieces is not None:
        answer.pieces.close()
    return Answer(answer.status, answer.headers, b"")


def refusal(refused: Refused) -> Answer:
    """What the front says by itself. The connection ends, as the body wasn't read."""
    headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Cache-Control", "no-store"),
        ("Connection", "close"),
    ]
    if refused.retry_after is not None:
        headers.append(("Retry-After", str(refused.retry_after)))
    return Answer(refused.status, headers, f"{refused}\n".encode())


def _no_write(data: bytes) -> object:
    raise NotImplementedError("No application here writes; it returns its body.")
