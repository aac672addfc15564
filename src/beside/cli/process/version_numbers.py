"""Comparing the numbers of versions."""

from __future__ import annotations

import re

_NUMBERS = re.compile(r"\d{1,6}(\.\d{1,6}){0,3}")


def is_number(version: str) -> bool:
    """Whether it is made of numbers, as those of our releases are."""
    return _NUMBERS.fullmatch(version) is not None


def is_at_least(version: str, oldest: str) -> bool:
    """Whether `version` is `oldest` or later. What isn't made of numbers never is."""
    if not is_number(version) or not is_number(oldest):
        return False
    return _numbers(version) >= _numbers(oldest)


def _numbers(version: str) -> tuple[int, ...]:
    numbers = [int(number) for number in version.split(".")]
    return tuple(numbers + [0] * (4 - len(numbers)))
