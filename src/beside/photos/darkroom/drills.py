"""What `beside doctor` and the tests have a locked process attempt; every attempt must be refused."""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import sys
import time
from collections.abc import Callable
from functools import partial

import pyvips

from beside.photos.darkroom.terms import Limits

# Only these are a lock's refusal. A connection that nobody takes, or a program that isn't there, is none.
_REFUSED = {errno.EPERM, errno.EACCES}


def attempt(drill: str, limits: Limits) -> bool:
    """Attempt `drill`; whether the lock refused it. "hang" and "crash" never return.

    A word after a colon is the drill's own: the port that somebody listens on, for "connect".
    """
    name, _, word = drill.partition(":")
    return _DRILLS[name](word, limits)


def _is_refused(act: Callable[[], object]) -> bool:
    try:
        act()
    except OSError as refused:
        return refused.errno in _REFUSED
    return False


def _open(_word: str, _limits: Limits) -> bool:
    return _is_refused(lambda: os.close(os.open(os.devnull, os.O_RDONLY)))


def _write(_word: str, _limits: Limits) -> bool:
    return _is_refused(lambda: os.close(os.open(os.devnull, os.O_WRONLY)))


def _connect(port: str, _limits: Limits) -> bool:
    def reach(kind: socket.SocketKind) -> None:
        with socket.socket(type=kind) as peer:
            peer.connect(("127.0.0.1", int(port)))
            if kind is socket.SOCK_DGRAM:
                peer.send(b"reached")

    kinds = (socket.SOCK_STREAM, socket.SOCK_DGRAM)
    return all(_is_refused(partial(reach, kind)) for kind in kinds)


def _run(_word: str, _limits: Limits) -> bool:
    return _is_refused(lambda: os.execv(sys.executable, [sys.executable, "-c", ""]))  # noqa: S606 - it must not start


def _fork(_word: str, _limits: Limits) -> bool:
    def fork() -> None:
        if os.fork() == 0:
            os._exit(0)

    return _is_refused(fork)


def _trace(_word: str, _limits: Limits) -> bool:
    seize = 0x4206  # unlike an attach, it doesn't stop the process that is looked into
    libc = ctypes.CDLL(None, use_errno=True)
    return libc.ptrace(seize, os.getppid(), None, None) < 0 and ctypes.get_errno() in _REFUSED


def _signal(_word: str, _limits: Limits) -> bool:
    return _is_refused(lambda: os.kill(os.getppid(), 0))


def _memory(_word: str, limits: Limits) -> bool:
    try:
        return not bytearray(limits.memory_bytes)
    except MemoryError:
        return True


def _loader(_word: str, _limits: Limits) -> bool:
    drawing = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"
    try:
        pyvips.Image.svgload_buffer(drawing)
    except (pyvips.Error, AttributeError):  # it is blocked, or libvips was built without it
        return True
    return False


def _hang(_word: str, _limits: Limits) -> bool:
    while True:
        time.sleep(1)


def _crash(_word: str, _limits: Limits) -> bool:
    ctypes.string_at(0)
    return False


_DRILLS: dict[str, Callable[[str, Limits], bool]] = {
    "open": _open,
    "write": _write,
    "connect": _connect,
    "run": _run,
    "fork": _fork,
    "trace": _trace,
    "signal": _signal,
    "memory": _memory,
    "loader": _loader,
    "hang": _hang,
    "crash": _crash,
}
