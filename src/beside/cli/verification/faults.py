"""What a check found: a fault that loses somebody something, or a leftover that will be swept."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """`about` is an id or a table, never anybody's words or names."""

    about: str
    says: str
    is_leftover: bool = False


def leftover(about: str, says: str) -> Fault:
    """Harmless: left by a crash or by destroying, and swept within two days."""
    return Fault(about, says, is_leftover=True)
