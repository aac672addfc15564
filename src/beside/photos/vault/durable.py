"""Writing files that survive a power cut once a function here has returned.

After `os.fsync` fails, the kernel may already have dropped the unwritten pages, so it is never retried: the
`OSError` is raised, and nothing is confirmed to anybody.
"""

from __future__ import annotations

import os
from pathlib import Path
from uuid import uuid4

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
# What `glob` finds of a `uuid4().hex`.
HEXED = "[0-9a-f]" * 32


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of `data`, in as many calls as the operating system needs."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def write_new(path: Path, data: bytes, *, mode: int = PRIVATE_FILE) -> None:
    """Write a file that must not exist yet, and fsync it. Its name is durable only after `sync_folder`."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        write_all(descriptor, data)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def overwrite(path: Path, data: bytes) -> None:
    """Write `data` over what `path` holds, in the same place on disk where the file system allows, and fsync.

    A renamed replacement would leave the old bytes in free blocks. A power cut can tear this write, so callers
    must keep a second copy elsewhere.
    """
    is_new = not path.exists()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE)
    try:
        overwrite_open(descriptor, data)
    finally:
        os.close(descriptor)
    if is_new:
        sync_folder(path.parent)


def overwrite_open(descriptor: int, data: bytes) -> None:
    """As `overwrite`, of a file that is open, at its beginning, and whose name is durable or will be made so."""
    write_all(descriptor, data)
    os.ftruncate(descriptor, len(data))
    os.fsync(descriptor)


def replace(path: Path, data: bytes) -> None:
    """Have `path` hold `data` from one moment to the next, whoever owns what it held before. Never for a key."""
    draft = path.with_name(f"{path.name}.{uuid4().hex}.draft")
    try:
        write_new(draft, data)
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable: a file that was fsynced without this can still be lost."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def nearest_folder(path: Path) -> Path:
    """`path` if it is a folder, or else the nearest above it that is one."""
    while not os.path.isdir(path) and path != path.parent:
        path = path.parent
    return path


def make_folder(folder: Path) -> None:
    """Make `folder` and its missing parents. Their names are durable when this returns."""
    if not folder.parent.is_dir():
        make_folder(folder.parent)
    folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    sync_folder(folder.parent)
