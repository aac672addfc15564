"""The database's file, read without SQLite: whether it is a database at all, and who keeps it locked."""

from __future__ import annotations

import fcntl
import os
import struct
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from beside.cli.checks.findings import Finding, note, wrong
from beside.cli.failures.databases import START

_MAGIC = b"SQLite format 3\0"
_HEAD_BYTES = 100
# Where the head says which journal is used, and what stands there for WAL.
_JOURNAL, _WAL = slice(18, 20), b"\x02\x02"
# SQLite's locks are on single bytes: of the file itself, and of what its processes share (its -shm).
_PENDING, _LOCKS = 0x40000000, 512
_WRITER = 120
_FLOCK = struct.Struct("hhqqi4x")
_LONGEST_WRITE_S, _LOOK_S = 3.0, 0.2
_RESTORE = "Keep a copy of the data folder as it is, and restore a backup into another folder (docs/hosting.md)."


def look(file: Path) -> Iterator[Finding]:
    """What is wrong with the file; nothing where it can be opened. Raises OSErrors where it can't be read."""
    about = "database"
    head = file.read_bytes() if file.stat().st_size < _HEAD_BYTES else _head(file)
    if not head:
        yield wrong(about, f"The database {file} is empty.", START)
        return
    if not head.startswith(_MAGIC):
        yield wrong(about, f"{file} is no database, or was overwritten.", _RESTORE)
        return
    holder = _who_locks(file)
    if holder:
        yield wrong(
            about,
            f"Another program (process {holder}) keeps the database {file} locked.",
            "End that program, or wait until it is done: nothing can be read or written meanwhile.",
        )
    if _has_unread_log(file):
        yield note(
            about,
            f"{file}-wal holds changes that nobody has read in yet: the database was copied while it was in use.",
            "beside serve reads them in.",
        )


def is_wal(file: Path) -> bool:
    """Whether the file keeps its changes in a log beside it (WAL), as Beside sets it."""
    return _head(file)[_JOURNAL] == _WAL


def to_read(file: Path) -> str:
    """How to open the file so that neither it nor anything beside it changes, as a URI.

    With a log and what its processes share, both are read; without, the file is whole as it is.
    """
    how = (
        "readonly_shm=1"
        if _side(file, "wal").exists() and _side(file, "shm").exists()
        else "immutable=1"
    )
    return f"file:{quote(str(file.resolve()))}?mode=ro&{how}"


def _head(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(_HEAD_BYTES)


def _has_unread_log(file: Path) -> bool:
    log = _side(file, "wal")
    return log.exists() and log.stat().st_size > 0 and not _side(file, "shm").exists()


def _side(file: Path, what: str) -> Path:
    return file.with_name(f"{file.name}-{what}")


def _who_locks(file: Path) -> int:
    """The process that has kept everybody else out for seconds; 0 if there is none. Ask before the file is opened:
    closing it here ends this process's own locks."""
    ends = time.monotonic() + _LONGEST_WRITE_S
    while holder := _locked(file, _PENDING, _LOCKS) or _locked(_side(file, "shm"), _WRITER, 1):
        if time.monotonic() > ends:
            return holder
        time.sleep(_LOOK_S)
    return 0


def _locked(file: Path, start: int, length: int) -> int:
    """Who would have to be waited for to write."""
    if sys.platform != "linux" or not file.exists():
        return 0
    descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        asked = _FLOCK.pack(fcntl.F_RDLCK, os.SEEK_SET, start, length, 0)
        kind, _, _, _, process = _FLOCK.unpack(fcntl.fcntl(descriptor, fcntl.F_GETLK, asked))
    finally:
        os.close(descriptor)
    return int(process) if kind == fcntl.F_WRLCK else 0
