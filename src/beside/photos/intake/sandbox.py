"""Which of the darkroom's walls hold on this machine, found out by running against them."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from beside.photos.darkroom import wire
from beside.photos.darkroom.terms import Limits
from beside.photos.intake import darkrooms

# What a decoder that somebody has broken into would try, in the order in which a host is told.
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


@dataclass(frozen=True)
class Wall:
    """One thing that a decoder tried, `what` it was in words, and whether it was kept from it."""

    name: str
    what: Promise
    holds: bool


def report() -> tuple[Wall, ...]:
    """Every wall, each tried in a process of its own; raises NoDarkroom where none can start.

    On macOS only the limits hold: there, a broken-into decoder could still read files.
    """
    limits = Limits(wall_s=10)
    return tuple(Wall(name, what, holds(name, limits)) for name, what in _TRIED.items())


def holds(drill: str, limits: Limits) -> bool:
    """Whether a locked child was kept from `drill`. One that never answers was not."""
    with darkrooms.borrowed(limits) as photograph:
        photograph.order(wire.pack_order(limits, drill))
        try:
            length = wire.read_length(photograph.receive)
            answer = json.loads(wire.read_exactly(photograph.receive, length))
        except (wire.Incomplete, ValueError):
            return False
    return bool(answer["held"])
