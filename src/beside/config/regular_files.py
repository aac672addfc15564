"""Reading a small file that the host has named: a value, a key. What has no end, or nobody to write it, is never waited for."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


def read(path: Path, *, most: int) -> bytes:
    """What is in the file at `path`, or `most` bytes and one where it holds more.

    Raises OSError, also where it is no regular file: a pipe is read once, and several processes read each of these.
    """
    # Without O_NONBLOCK, a pipe that nobody writes to would be waited for here.
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        _require_regular(path, os.fstat(descriptor).st_mode)
        found = b""
        while len(found) <= most and (some := os.read(descriptor, most + 1 - len(found))):
            found += some
        return found
    finally:
        os.close(descriptor)


def _require_regular(path: Path, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR), os.fspath(path))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "Not a regular file", os.fspath(path))
