"""What a locked process is asked to try, for `beside doctor` and the tests: all of it must be refused."""

from __future__ import annotations

import ctypes
import os
import socket
import sys
import time
from collections.abc import Callable

import pyvips

from beside.photos.darkroom.terms import Limits


def attempt(drill: str, limits: Limits) -> bool:
    """Try `drill`; whether the lock held. "hang" and "crash" never come back to say so."""
    try:
        return _DRILLS[drill](limits)
    except (OSError, MemoryError, pyvips.Error):
        return True


def _open(_: Limits) -> bool:
    os.close(os.open(os.devnull, os.O_RDONLY))
    return False


def _write(_: Limits) -> bool:
    os.close(os.open(os.devnull, os.O_WRONLY))
    return False


def _connect(_: Limits) -> bool:
    with socket.socket() as peer:
        peer.connect(("127.0.0.1", 9))
    return False


def _run(_: Limits) -> bool:
    os.execv(sys.executable, [sys.executable, "-c", ""])  # noqa: S606 - it must not start


def _fork(_: Limits) -> bool:
    if os.fork() == 0:
        os._exit(0)
    return False


def _trace(_: Limits) -> bool:
    seize = 0x4206  # unlike an attach, it doesn't stop the one that is looked into
    return bool(ctypes.CDLL(None).ptrace(seize, os.getppid(), None, None) < 0)


def _signal(_: Limits) -> bool:
    os.kill(os.getppid(), 0)
    return False


def _memory(limits: Limits) -> bool:
    return not bytearray(limits.memory_bytes)


def _loader(_: Limits) -> bool:
    pyvips.Image.svgload_buffer(b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")
    return False


def _hang(_: Limits) -> bool:
    while True:
        time.sleep(1)


def _crash(_: Limits) -> bool:
    ctypes.string_at(0)
    return False


# What `beside doctor` asks, in the order in which it is told.
ASKED = ("open", "write", "connect", "run", "fork", "trace", "signal", "memory", "loader")

_DRILLS: dict[str, Callable[[Limits], bool]] = {
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
