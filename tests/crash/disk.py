"""A disk that can be cut off: every step that changes it is counted, and may be the last, or find no room.

What is said to a mail server and heard from it are steps too. Only for a child process that is about to be
killed: it takes over functions of `os` and `smtplib`.
"""

from __future__ import annotations

import errno
import os
import signal
import smtplib
from collections.abc import Callable
from pathlib import Path

from tests.crash import sqlite_files

_write, _fsync, _kill = os.write, os.fsync, os.kill
_RENAMES = ("rename", "replace", "link")
_AS_ERRNO = {
    sqlite_files.SQLITE_FULL: errno.ENOSPC,
    sqlite_files.SQLITE_READONLY: errno.EROFS,
}
_FRAME_HEAD_BYTES = 24
_ONE_PATH = ("unlink", "remove", "mkdir", "rmdir")


class Disk:
    """What happens at a step is for the kinds below to say."""

    def __init__(self) -> None:
        self.steps = 0
        self.refused = 0
        self.moment = 0

    def answered(self) -> None:
        """Somebody was told something."""

    def before(self, kind: str, path: str, length: int) -> int:
        """Count a step; returns an SQLite code, 0 to go on."""
        if length == _FRAME_HEAD_BYTES:
            # SQLite writes a frame of its log in two calls, which are one step here.
            return 0
        self.steps += 1
        return self.at_step(kind, path)

    def at_step(self, kind: str, path: str) -> int:
        return 0

    def after(self, kind: str, path: str) -> None:
        """A step of SQLite's is done."""

    def after_fsync(self, descriptor: int) -> None:
        """A file or a folder is on disk."""

    def take_over(self) -> None:
        """From now on every step of this process goes through here."""
        sqlite_files.listen(self.before, self.after)
        self.take_over_python()

    def take_over_python(self) -> None:
        """Every step but those of SQLite."""
        os.write, os.fsync = self._write, self._fsync
        for name in _RENAMES:
            setattr(os, name, self._told(name, getattr(os, name)))
        for name in _ONE_PATH:
            setattr(os, name, self._told(name, getattr(os, name)))
        os.ftruncate = self._told("truncate", os.ftruncate)
        for name in ("connect", "send", "getreply", "close"):
            setattr(smtplib.SMTP, name, self._told(name, getattr(smtplib.SMTP, name)))

    def _told(self, kind: str, act: Callable) -> Callable:
        def told(path, *more, **how):
            self._require(kind, str(path))
            return act(path, *more, **how)

        return told

    def _write(self, descriptor: int, data) -> int:
        """In two halves with a step in between: a write may be torn."""
        self._require("write", str(descriptor))
        half = len(data) // 2
        if not half:
            return _write(descriptor, data)
        written = _write(descriptor, memoryview(data)[:half])
        self._require("write", str(descriptor))
        return written + _write(descriptor, memoryview(data)[written:])

    def _fsync(self, descriptor: int) -> None:
        self._require("fsync", str(descriptor))
        _fsync(descriptor)
        self.after_fsync(descriptor)

    def _require(self, kind: str, path: str) -> None:
        if code := self.before(kind, path, 0):
            number = _AS_ERRNO[code]
            raise OSError(number, os.strerror(number), path)


class DiskThatKills(Disk):
    """The process dies just before its nth step; with n = 0 it never does."""

    def __init__(self, last: int) -> None:
        super().__init__()
        self._last = last

    def at_step(self, kind: str, path: str) -> int:
        if self.steps == self._last:
            _kill(os.getpid(), signal.SIGKILL)
        return 0


class FullDisk(Disk):
    """From its nth write on there is no room, until something is made shorter or taken away."""

    def __init__(self, first: int) -> None:
        super().__init__()
        self._first = first
        self._writes = 0
        self.room = False

    def at_step(self, kind: str, path: str) -> int:
        if kind == "unlink" and path.endswith("reserve"):
            self.room = True
        if path.endswith("-shm") or kind not in ("write", "mkdir"):
            return 0
        self._writes += 1
        if self.room or not self._first or self._writes < self._first:
            return 0
        self.refused += 1
        return sqlite_files.SQLITE_FULL


class ReadOnlyDisk(Disk):
    """Nothing can be changed."""

    def at_step(self, kind: str, path: str) -> int:
        self.refused += 1
        return sqlite_files.SQLITE_READONLY


class ForgetfulDisk(Disk):
    """Remembers what would still be there after a power cut: what was fsynced, under names that were.

    A file's content is durable as of its last fsync, a folder's names as of its own. What was never
    fsynced is gone: the harshest disk that keeps its word.
    """

    def __init__(self, root: Path) -> None:
        super().__init__()
        self._root = root
        self._files: dict[int, bytes] = {}
        self._folders: dict[int, dict[str, int]] = {}
        self._held: dict[int, int] = {}
        self._cuts: Path | None = None
        for folder, _, names in os.walk(root):
            self._keep_folder(Path(folder))
            for name in names:
                self._keep_file(Path(folder) / name)

    def cut_into(self, cuts: Path | None) -> None:
        """Write out a copy of the folder for each moment from now on."""
        self._cuts = cuts

    def answered(self) -> None:
        self._next_moment()

    def _next_moment(self) -> None:
        """Whatever is told from now on is told after this moment."""
        if self._cuts is not None:
            self._write_folder(os.stat(self._root).st_ino, self._cuts / f"{self.moment:05}")
        self.moment += 1

    def after(self, kind: str, path: str) -> None:
        if kind == "fsync":
            self._keep_file(Path(path))
            if path.endswith(("-wal", "-journal")):
                # SQLite fsyncs the folder after the first sync of a journal that it has made.
                self._keep_folder(Path(path).parent)
        if kind == "unlink":
            self._keep_folder(Path(path).parent)
        if kind in ("fsync", "unlink"):
            self._next_moment()

    def after_fsync(self, descriptor: int) -> None:
        path = Path(os.readlink(f"/proc/self/fd/{descriptor}"))
        if path.is_dir():
            self._keep_folder(path)
        elif path.exists():
            self._keep_file(path)
        self._next_moment()

    def _write_folder(self, number: int, target: Path) -> None:
        target.mkdir(mode=0o700)
        for name, inside in self._folders.get(number, {}).items():
            if inside in self._folders:
                self._write_folder(inside, target / name)
            else:
                (target / name).write_bytes(self._files.get(inside, b""))

    def _keep_file(self, path: Path) -> None:
        if path.name.endswith("-shm"):
            return
        data = path.read_bytes()
        self._files[self._hold(path)] = data

    def _keep_folder(self, path: Path) -> None:
        names = {}
        for entry in os.scandir(path):
            number = self._hold(Path(entry.path))
            if entry.is_dir():
                self._folders.setdefault(number, {})
            names[entry.name] = number
        self._folders[self._hold(path)] = names

    def _hold(self, path: Path) -> int:
        """Its number, never given to another file while this disk is looked at."""
        number = os.stat(path).st_ino
        if number not in self._held:
            self._held[number] = os.open(path, os.O_RDONLY)
        return number
