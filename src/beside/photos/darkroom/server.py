"""The darkroom itself: waits for orders, and forks one child for each, used once."""

from __future__ import annotations

import gc
import os
import select
import signal
import socket

from beside.photos.darkroom import answering, wire
from beside.photos.darkroom.terms import Limits

# Pages come before photographs that are being developed.
_NICENESS = 5


def serve(control: socket.socket) -> None:
    """Take orders from `control` until the other side goes away. Never touches a photograph itself."""
    os.nice(_NICENESS)
    gc.freeze()
    control.sendall(b"w")  # warm
    while True:
        order, photographs, _flags, _address = socket.recv_fds(control, wire.ORDER_BYTES, 1)
        if len(order) < wire.ORDER_BYTES:
            return
        _develop_one(control, photographs[0], order)


def _develop_one(control: socket.socket, photograph: int, order: bytes) -> None:
    limits, drill = wire.unpack_order(order)
    # The child alone holds `alive`; the pipe ends when it does, however it ends.
    watched, alive = os.pipe()
    child = os.fork()
    if child == 0:
        control.close()
        os.close(watched)
        _answer_and_leave(photograph, limits, drill)
    os.close(alive)
    os.close(photograph)
    _wait(child, watched, control, limits)
    os.close(watched)


def _wait(child: int, watched: int, control: socket.socket, limits: Limits) -> None:
    """Wait for `child`; end it when its time is over, or when nobody waits for it any more.

    The next order, or the end of `control`, says so: the intake asks for one thing at a time.
    """
    ready, _, _ = select.select([watched, control.fileno()], [], [], limits.wall_s)
    if watched not in ready:
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _answer_and_leave(photograph: int, limits: Limits, drill: str) -> None:
    try:
        answering.answer(photograph, limits, drill)
    except BaseException:  # noqa: BLE001 - the outermost edge: this process ends here whatever came
        os._exit(1)
    os._exit(0)
