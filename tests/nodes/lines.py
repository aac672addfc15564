"""A line between a node and one of the parts that it needs, which can be cut or can stall."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Lock, Thread

_PIECE = 1 << 16


class Line:
    """Listens on loopback and passes on to a socket: `target` is a path, or a host and a port."""

    def __init__(self, target: str | tuple[str, int]) -> None:
        self._target = target
        self._flows = Event()
        self._flows.set()
        self._is_cut = False
        self._lock = Lock()
        self._open: set[socket.socket] = set()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._listening.getsockname()[1]
        self._start(self._accept)

    def cut(self) -> None:
        """End every connection, and let none begin."""
        self._is_cut = True
        self._end_all()

    def stall(self) -> None:
        """Let connections begin and stay, and nothing pass any more."""
        self._flows.clear()

    def mend(self) -> None:
        """Let everything pass again. What was held up meanwhile is lost with its connections."""
        self._is_cut = False
        if not self._flows.is_set():
            self._end_all()
            self._flows.set()

    def close(self) -> None:
        """The end of it."""
        self.cut()
        self._flows.set()
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            if self._is_cut:
                near.close()
                continue
            try:
                far = self._connected()
            except OSError:
                near.close()
                continue
            with self._lock:
                self._open |= {near, far}
            self._start(self._pass_on, near, far)
            self._start(self._pass_on, far, near)

    def _connected(self) -> socket.socket:
        if isinstance(self._target, tuple):
            return socket.create_connection(self._target)
        far = socket.socket(socket.AF_UNIX)
        try:
            far.connect(self._target)
        except OSError:
            far.close()
            raise
        return far

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(_PIECE):
                self._flows.wait()
                target.sendall(piece)
        self._end(source, target)

    def _end_all(self) -> None:
        with self._lock:
            everything = set(self._open)
        self._end(*everything)

    def _end(self, *ended: socket.socket) -> None:
        for one in ended:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        with self._lock:
            self._open.difference_update(ended)

    def _start(self, act: Callable[..., None], *arguments: socket.socket) -> None:
        Thread(target=act, args=arguments, daemon=True).start()
