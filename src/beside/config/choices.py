"""Settings that are one word of several."""

from __future__ import annotations

from collections.abc import Callable


def one_of(*known: str) -> Callable[[str], str]:
    """A check that a setting is one of `known`, in either case. It raises a ValueError with a sentence."""

    def check(word: str) -> str:
        if word.lower() not in known:
            raise ValueError(f"It is one of: {', '.join(one or 'nothing' for one in known)}.")
        return word.lower()

    return check
