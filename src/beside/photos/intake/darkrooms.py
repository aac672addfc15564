"""Darkroom processes: started when first needed, lent to one photograph at a time, replaced when they die."""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from django.utils.translation import gettext_lazy as _

from beside.photos.darkroom import wire
from beside.photos.darkroom.terms import Limits, Refusal
from beside.photos.intake.refusals import Refused

# A darkroom ends its child at `wall_s`; one that hasn't by then is itself in trouble.
_GRACE_S = 10.0
# Importing the decoders takes a sixth of a second here; a small board under load may need far more.
_START_S = 60.0
# What starts a darkroom; the number of its socket is added.
COMMAND = [sys.executable, "-I", "-m", "beside.photos.darkroom"]


class NoDarkroom(Exception):
    """This machine can't develop photographs now; they wait, and `beside doctor` says why."""

    def __init__(self) -> None:
        super().__init__(
            _("Photographs can’t be developed at the moment. They wait, safe as they are.")
        )


class Unlocked(NoDarkroom):
    """The kernel offers neither lock for a decoder, and the host hasn't taken the risk."""

    def __init__(self) -> None:
        Exception.__init__(
            self,
            _(
                "Photographs aren’t developed here, because this machine can’t lock in the program that"
                " opens them: it refuses both seccomp and Landlock. They wait, safe as they are."
            ),
        )


class Darkroom:
    """One warm process that forks a child for each photograph."""

    def __init__(self) -> None:
        self.control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [*COMMAND, str(theirs.fileno())],
                env=_environment(),
                cwd="/",
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self.control.settimeout(_START_S)
        self._wait_until_warm()

    def _wait_until_warm(self) -> None:
        try:
            warm = self.control.recv(1)
        except OSError:
            warm = b""
        if not warm:
            self.close()
            raise NoDarkroom

    def close(self) -> None:
        """End the process, which would also end by itself once its socket is closed."""
        self.control.close()
        self._process.kill()
        self._process.wait()

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None


class Line:
    """The socket to the one child that a photograph is given to."""

    def __init__(self, darkroom: Darkroom, limits: Limits) -> None:
        self._darkroom = darkroom
        self._ours, self._theirs = socket.socketpair()
        self._ours.settimeout(limits.wall_s + _GRACE_S)

    def order(self, order: bytes) -> None:
        """Ask for a child, and hand it the other end."""
        with self._theirs, suppress(OSError):  # a darkroom that has just died gives no answer
            socket.send_fds(self._darkroom.control, [order], [self._theirs.fileno()])

    def give(self, read: Callable[[int], bytes], max_bytes: int) -> None:
        """Send the photograph; raises Refused past `max_bytes`. A child may answer before the end."""
        left = max_bytes
        while piece := read(wire.PIECE_BYTES):
            left -= len(piece)
            if left < 0:
                raise Refused(Refusal.BYTES)
            if not self._send(wire.frames(piece)):
                return
        self._send(wire.frame(b""))

    def receive(self, size: int) -> bytes:
        """Up to `size` bytes of the answer; empty when the child is gone, or its darkroom stuck."""
        try:
            return self._ours.recv(size)
        except TimeoutError:
            self._darkroom.close()
        except OSError:
            pass
        return b""

    def close(self) -> None:
        """Close both ends."""
        self._ours.close()
        self._theirs.close()

    def _send(self, piece: bytes) -> bool:
        try:
            self._ours.sendall(piece)
        except OSError:
            return False
        return True


_idle: list[Darkroom] = []


@contextmanager
def borrowed(limits: Limits) -> Iterator[Line]:
    """A line to a fresh child of a warm darkroom. Threads may borrow at the same time."""
    darkroom = _take()
    line = Line(darkroom, limits)
    try:
        yield line
    finally:
        line.close()
        _put_back(darkroom)


def _take() -> Darkroom:
    while _idle:
        darkroom = _idle.pop()
        if darkroom.is_alive:
            return darkroom
        darkroom.close()
    return Darkroom()


def _put_back(darkroom: Darkroom) -> None:
    if darkroom.is_alive:
        _idle.append(darkroom)
    else:
        darkroom.close()


@atexit.register
def close_all() -> None:
    """End every idle darkroom."""
    while _idle:
        _idle.pop().close()


def _forget_all() -> None:
    """A forked copy of this process must not talk to its parent's darkrooms."""
    for darkroom in _idle:
        darkroom.control.close()
    _idle.clear()


os.register_at_fork(after_in_child=_forget_all)


def _environment() -> dict[str, str]:
    """No setting, secret or path of ours: only how libvips and malloc behave."""
    return {
        "LC_ALL": "C.UTF-8",
        "VIPS_BLOCK_UNTRUSTED": "1",
        "VIPS_CONCURRENCY": str(min(os.cpu_count() or 1, 4)),
        # Never on a disk, whatever its size: the limit on memory decides.
        "VIPS_DISC_THRESHOLD": "1024g",
        "MALLOC_ARENA_MAX": "2",
    }
