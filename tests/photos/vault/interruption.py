"""Stopping a piece of work before its n-th step on the disk, as a power cut or a kill would."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest import mock

STEPS = ("open", "write", "ftruncate", "fsync", "rename", "link", "unlink")


class Killed(BaseException):
    """The process is gone. Nothing catches this but the test."""


@contextmanager
def killed_before(step: int) -> Iterator[None]:
    """Let `step` - 1 steps happen; from then on the disk takes nothing more."""
    taken = 0

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def take(*args: object, **kwargs: object) -> object:
            nonlocal taken
            taken += 1
            if taken >= step:
                raise Killed
            return real(*args, **kwargs)

        return take

    with mock.patch.multiple(os, **{name: counted(getattr(os, name)) for name in STEPS}):
        yield


def every_way_to_die(work: Callable[[], object], *, afresh: Callable[[], None]) -> Iterator[int]:
    """Run `work` again and again, killed one step later each time, until it comes through."""
    for step in range(1, 1000):
        afresh()
        try:
            with killed_before(step):
                work()
        except Killed:
            yield step
        else:
            return
    raise AssertionError("the work never came to an end")
