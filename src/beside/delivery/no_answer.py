"""When the database doesn't answer."""

from __future__ import annotations


class NoAnswer(Exception):
    """The database didn't answer, so nothing is known about who may see what, and nothing is sent."""
