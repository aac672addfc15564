"""The darkroom itself: waits for orders, and forks one child for each, used once."""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
from contextlib import suppress

from beside.photos.darkroom import answering, wire
from beside.photos.darkroom.terms import Limits, Refusal

# Pages come before photographs that are being developed.
_NICENESS = 5


def serve(control: socket.socket) -> None:
    """Take orders from `control` until its other end is closed. Never reads a photograph itself."""
    os.nice(_NICENESS)
    gc.freeze()
    control.sendall(b"w")  # warm
    while True:
        order, lines, _flags, _address = socket.recv_fds(control, wire.ORDER_BYTES, 1)
        if len(order) < wire.ORDER_BYTES:
            return
        _develop_one(control, lines[0], order)


def _develop_one(control: socket.socket, line: int, order: bytes) -> None:
    limits, quarters, drill = wire.unpack_order(order)
    # The child alone holds `alive`; the pipe ends when it does, however it ends.
    watched, alive = os.pipe()
    child = os.fork()
    if child == 0:
        control.close()
        os.close(watched)
        _answer_and_leave(line, limits, quarters, drill)
    os.close(alive)
    ending = _wait(child, watched, control, limits)
    if ending:
        _answer_instead(line, ending)
    os.close(line)
    os.close(watched)


def _wait(
    child: int, watched: int, control: socket.socket, limits: Limits
) -> dict[str, object] | None:
    """Wait for `child`; what to answer in its place, where it could not.

    It is ended when its time is over, or when its answer is no longer waited for: the next order, or
    the end of `control`, says so, because the intake asks for one thing at a time.
    """
    ready, _, _ = select.select([watched, control.fileno()], [], [], limits.wall_s)
    if watched not in ready:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if watched not in ready:
        return None if ready else {"refusal": Refusal.TOO_HARD.value}
    return _ending(os.waitstatus_to_exitcode(status))


def _ending(code: int) -> dict[str, object] | None:
    """What is known of a child that left with `code`. Only its own limit on time is the photograph's fault."""
    if code == 0:
        return None
    if code == -signal.SIGXCPU:
        return {"refusal": Refusal.TOO_HARD.value}
    how = signal.Signals(-code).name if code < 0 else f"code {code}"
    return {
        "refusal": Refusal.NOT_YET.value,
        "fault": f"the decoder ended with {how}",
        "ended": code,
    }


def _answer_instead(line: int, answer: dict[str, object]) -> None:
    """Nobody may be there to read it, and a child may have left half an answer before it."""
    os.set_blocking(line, False)
    with suppress(OSError):
        wire.write_all(line, wire.frame(json.dumps(answer).encode()))


def _answer_and_leave(line: int, limits: Limits, quarters: int, drill: str) -> None:
    try:
        answering.answer(line, limits, quarters, drill)
    except wire.Incomplete:
        os._exit(0)  # nobody waits for an answer any more
    except BaseException:  # noqa: BLE001 - the outermost edge: whatever came, this process ends here
        os._exit(1)
    os._exit(0)
