"""What a proof found: a fault that loses somebody something, or a leftover that the sweeper will take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """`about` is an id or a table, never anybody's words or names."""

    about: str
    says: str
    is_leftover: bool = False


def leftover(about: str, says: str) -> Fault:
    """Harmless: a crash or a destroy left it, and the sweeper takes it away within two days."""
    return Fault(about, says, is_leftover=True)
