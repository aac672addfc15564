"""One process at a time, by the kernel's lock on a file or a folder, which ends with the process, however that ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from beside.photos.vault.durable import PRIVATE_FILE


@contextmanager
def locked_file(path: Path, *, busy: Exception) -> Iterator[None]:
    """Hold the lock on a file, which is made if it isn't there. Raises `busy` where another process holds it."""
    with _locked(_file(path), busy):
        yield


@contextmanager
def waited_for(path: Path) -> Iterator[None]:
    """The same, once no other process holds it."""
    with _locked(_file(path), None):
        yield


@contextmanager
def locked_folder(path: Path, *, busy: Exception) -> Iterator[None]:
    """Hold the lock on a folder. Raises `busy` where another process holds it, and an `OSError` if there is none."""
    with _locked(os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC), busy):
        yield


def _file(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE)


@contextmanager
def _locked(descriptor: int, busy: Exception | None) -> Iterator[None]:
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (fcntl.LOCK_NB if busy else 0))
        except BlockingIOError as held:
            raise busy or held from None
        yield
    finally:
        os.close(descriptor)
