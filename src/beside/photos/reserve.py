"""Some room kept aside, so that taking back and closing work on a disk that is full.

The database needs a few pages even to make something smaller.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import OperationalError, connection

from beside.photos.disk_full import says_full

RESERVE_BYTES = 16 * 1024 * 1024

_P = ParamSpec("_P")
_R = TypeVar("_R")


def set_aside(data: Path) -> None:
    """Keep the room, unless it is kept already, or the disk is so full that others need it more."""
    file = _file(data)
    if file.exists() or shutil.disk_usage(data).free < 4 * RESERVE_BYTES:
        return
    # Random, and written: a file system that compresses, or leaves holes, would keep nothing aside.
    with file.open("xb") as kept:
        for _ in range(RESERVE_BYTES // (1 << 20)):
            kept.write(os.urandom(1 << 20))


def used_if_full(narrowing: Callable[_P, _R]) -> Callable[_P, _R]:
    """Have `narrowing` done a second time, in the room that was kept aside, when the disk is full.

    Put it outside the transaction. Within somebody else's it does nothing: that one has to begin again.
    """

    @wraps(narrowing)
    def narrow(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return narrowing(*args, **kwargs)
        except (OperationalError, OSError) as refused:
            if connection.in_atomic_block or not _is_full(refused) or not _let_go():
                raise
        return narrowing(*args, **kwargs)

    return narrow


def _is_full(refused: OperationalError | OSError) -> bool:
    if isinstance(refused, OSError):
        return refused.errno in (errno.ENOSPC, errno.EDQUOT)
    return says_full(refused)


def _let_go() -> bool:
    try:
        _file(settings.BESIDE.data).unlink()
    except FileNotFoundError:
        return False
    return True


def _file(data: Path) -> Path:
    return data / "reserve"
