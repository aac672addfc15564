"""The sockets of `bench.slow`: of each kind as many as are asked for, and each as slow as it can be."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from typing import Any

KINDS = ("headers", "body", "upload", "photograph", "original", "archive")
_OF_ONE_ADDRESS = 20
_TRICKLE_S = 2.0


class Slow:
    """Slow clients of one kind. Those that send trickle a byte every two seconds; those that read don't."""

    def __init__(self, kind: str, port: int, place: dict[str, Any]) -> None:
        self._port = port
        self._sends = kind in ("headers", "body", "upload")
        self._texts = _texts(kind, place)
        self._sockets: list[socket.socket] = []

    async def open(self, count: int) -> None:
        """Connect, and say what each kind says first; one that is ended connects again in `hold`."""
        for number in range(count):
            self._sockets.append(self._opened(number))
            if number % 50 == 0:
                await asyncio.sleep(0.01)

    async def hold(self) -> None:
        """Go on until cancelled, and replace whichever the server ends, as a stubborn attacker would."""
        while True:
            for number, one in enumerate(self._sockets):
                if not self._goes_on(one):
                    one.close()
                    with suppress(OSError):
                        self._sockets[number] = self._opened(number)
                if number % 50 == 0:
                    await asyncio.sleep(0)
            await asyncio.sleep(_TRICKLE_S)

    def still_open(self) -> int:
        """How many the server keeps open now."""
        return sum(not _is_ended(one) for one in self._sockets)

    def close(self) -> None:
        """Leave."""
        for one in self._sockets:
            one.close()

    def _opened(self, number: int) -> socket.socket:
        one = socket.socket()
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        group = number // _OF_ONE_ADDRESS
        one.bind((f"127.0.{2 + group // 250}.{1 + group % 250}", 0))
        one.settimeout(20)
        one.connect(("127.0.0.1", self._port))
        one.settimeout(0)
        with suppress(BlockingIOError, ConnectionError):
            one.send(self._texts[number % len(self._texts)])
        return one

    def _goes_on(self, one: socket.socket) -> bool:
        if _is_ended(one):
            return False
        if self._sends:
            with suppress(BlockingIOError, OSError):
                one.send(b"a")
        return True


def _is_ended(one: socket.socket) -> bool:
    """Whether the server has ended it, or answered what was still being sent. Nothing is taken off it."""
    try:
        got = one.recv(1024, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return not got or b" 408 " in got[:20] or b" 429 " in got[:20] or b" 503 " in got[:20]


def _texts(kind: str, place: dict[str, Any]) -> list[bytes]:
    """What a client of this kind says first: those who need an account have one of fifty."""
    if kind == "headers":
        return [b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: "]
    if kind == "body":
        lines = "POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\n"
        lines += "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\na="
        return [lines.encode()]
    if kind == "upload":
        return [
            (
                f"PATCH {one['upload']} HTTP/1.1\r\nHost: localhost\r\nTus-Resumable: 1.0.0\r\n"
                f"Upload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\n"
                f"Cookie: {one['cookie']}\r\nContent-Length: 1000000\r\n\r\n"
            ).encode()
            + b"u" * 70_000
            for one in place["slow"]
        ]
    return [
        f"GET {one[kind]} HTTP/1.1\r\nHost: localhost\r\nCookie: {one['cookie']}\r\n\r\n".encode()
        for one in place["slow"]
    ]
