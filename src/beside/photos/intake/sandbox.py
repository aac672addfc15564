"""Which attempts of a broken decoder this machine refuses, found out by attempting them."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from beside.photos.darkroom import wire
from beside.photos.darkroom.terms import Limits
from beside.photos.intake import darkrooms

# What somebody who has broken into a decoder would try, in the order in which a host is told.
_TRIED: dict[str, Promise] = {
    "open": _("reading a file"),
    "write": _("writing a file"),
    "connect": _("reaching the network"),
    "run": _("starting a program"),
    "fork": _("starting another process"),
    "trace": _("looking into another process"),
    "signal": _("ending another process"),
    "memory": _("taking more memory than it may"),
    "loader": _("opening a format that isn’t allowed"),
}
_LIMITS = Limits(wall_s=10)


@dataclass(frozen=True)
class Wall:
    """One drill: `what` was attempted, in words, and whether the machine refused it."""

    name: str
    what: Promise
    holds: bool


def report() -> tuple[Wall, ...]:
    """Every wall, each tried in a process of its own; raises NoDarkroom where none can start.

    On macOS only the limits hold: there, a broken decoder could still read files.
    """
    return tuple(Wall(name, what, holds(name, _LIMITS)) for name, what in _TRIED.items())


def locks() -> tuple[str, ...]:
    """Which of the kernel's two locks hold here, "landlock" and "seccomp"; raises NoDarkroom."""
    return tuple(_answer("signal", _LIMITS).get("locks", ()))


def holds(drill: str, limits: Limits) -> bool:
    """Whether a locked child was refused `drill`. A child that doesn't answer was not.

    The kernel ends a child (SIGSYS) for the worst of what it could ask, which counts as refused.
    """
    with _listening() as port:
        said = _answer(f"{drill}:{port}" if drill == "connect" else drill, limits)
    return said.get("held") is True or said.get("ended") == -signal.SIGSYS


def _answer(drill: str, limits: Limits) -> dict[str, Any]:
    with darkrooms.borrowed(limits) as line:
        line.order(wire.pack_order(limits, drill))
        try:
            length = wire.read_length(line.receive)
            answer = json.loads(wire.read_exactly(line.receive, length))
        except (wire.Incomplete, ValueError):
            return {}
    return answer if isinstance(answer, dict) else {}


@contextmanager
def _listening() -> Iterator[int]:
    """A port of this machine that takes connections, so that only a lock can refuse one."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]
