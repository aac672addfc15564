"""SQLite's own writes and syncs, told to a listener: a VFS laid over the system's, through ctypes.

Python gives no way to see what SQLite does to its files. The library that `sqlite3` uses has one: each open
file carries a table of functions, and a new default VFS can put a table of its own in its place.
"""

from __future__ import annotations

import _sqlite3
import ctypes
import ctypes.util
import os
from collections.abc import Callable
from ctypes import (
    CFUNCTYPE,
    POINTER,
    Structure,
    byref,
    c_char_p,
    c_int,
    c_int64,
    c_void_p,
    cast,
    string_at,
)

SQLITE_OK, SQLITE_READONLY, SQLITE_FULL = 0, 8, 13


class NoWayIn(Exception):
    """This Python's SQLite can't be reached by name, as when it is linked into Python itself."""


class _Methods(Structure):
    _fields_ = [
        ("version", c_int),
        *((name, c_void_p) for name in ("close", "read", "write", "truncate", "sync", "size")),
        *((name, c_void_p) for name in ("lock", "unlock", "check", "control", "sector", "device")),
        *((name, c_void_p) for name in ("shm_map", "shm_lock", "shm_barrier", "shm_unmap")),
        *((name, c_void_p) for name in ("fetch", "unfetch")),
    ]


class _File(Structure):
    _fields_ = [("methods", POINTER(_Methods))]


class _Vfs(Structure):
    _fields_ = [
        ("version", c_int),
        ("file_size", c_int),
        ("max_path", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", c_void_p),
        ("delete", c_void_p),
        *((f"rest_{n}", c_void_p) for n in range(14)),
    ]


# Names are passed on as the addresses that they are: SQLite keeps them, and looks behind their ends.
_Open = CFUNCTYPE(c_int, c_void_p, c_void_p, POINTER(_File), c_int, POINTER(c_int))
_Delete = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int)
_Write = CFUNCTYPE(c_int, POINTER(_File), c_void_p, c_int, c_int64)
_Truncate = CFUNCTYPE(c_int, POINTER(_File), c_int64)
_Sync = CFUNCTYPE(c_int, POINTER(_File), c_int)

# What SQLite calls must outlive every connection.
_kept: list[object] = []

# Asked before each: (kind, path, length). It answers with an SQLite code, 0 to go on; it may also not return.
Listener = Callable[[str, str, int], int]


def listen(before: Listener, after: Callable[[str, str], None]) -> None:
    """From now on, tell of each write, truncation, sync and deletion of every database opened later.

    Raises `NoWayIn`.
    """
    library = _library()
    library.sqlite3_vfs_find.restype = POINTER(_Vfs)
    below = library.sqlite3_vfs_find(None)
    over = _keep(_Vfs.from_buffer_copy(below.contents))
    over.name, over.next = b"told", None
    over.open = _address(_keep(_Open(_opening(below, before, after))))
    over.delete = _address(_keep(_Delete(_deleting(below, before, after))))
    if library.sqlite3_vfs_register(byref(over), 1):
        raise NoWayIn


def _opening(below, before, after):
    open_below = _keep(_Open(below.contents.open))
    paths: dict[int, str] = {}
    tables: dict[int, _Methods] = {}

    def open_file(vfs, name, file, flags, out):
        answer = open_below(vfs, name, file, flags, out)
        if answer == SQLITE_OK and name and file.contents.methods:
            paths[ctypes.addressof(file.contents)] = os.fsdecode(string_at(name))
            original = ctypes.addressof(file.contents.methods.contents)
            if original not in tables:
                tables[original] = _table(file.contents.methods.contents, paths, before, after)
            file.contents.methods = ctypes.pointer(tables[original])
        return answer

    return open_file


def _deleting(below, before, after):
    delete_below = _keep(_Delete(below.contents.delete))

    def delete(vfs, name, sync_folder):
        path = os.fsdecode(string_at(name))
        code = before("unlink", path, 0)
        if code:
            return code
        answer = delete_below(vfs, name, sync_folder)
        after("unlink", path)
        return answer

    return delete


def _table(original, paths, before, after) -> _Methods:
    table = _Methods.from_buffer_copy(original)
    write_below, sync_below = _Write(original.write), _Sync(original.sync)
    truncate_below = _Truncate(original.truncate)

    def told(kind, file, act, length=0):
        path = paths[ctypes.addressof(file.contents)]
        code = before(kind, path, length)
        if code:
            return code
        answer = act()
        after(kind, path)
        return answer

    def write(file, data, length, offset):
        return told("write", file, lambda: write_below(file, data, length, offset), length)

    def truncate(file, size):
        return told("truncate", file, lambda: truncate_below(file, size))

    def sync(file, flags):
        return told("fsync", file, lambda: sync_below(file, flags))

    _keep(original, write_below, sync_below, truncate_below)
    table.write = _address(_keep(_Write(write)))
    table.truncate = _address(_keep(_Truncate(truncate)))
    table.sync = _address(_keep(_Sync(sync)))
    return table


def _library():
    """The very library that `sqlite3` has loaded: another copy would have a list of VFS of its own."""
    for name in ("libsqlite3.so.0", _sqlite3.__file__, ctypes.util.find_library("sqlite3")):
        try:
            library = ctypes.CDLL(name, mode=getattr(os, "RTLD_NOLOAD", 0) | os.RTLD_NOW)
            library.sqlite3_vfs_find  # noqa: B018
        except (OSError, AttributeError, TypeError):
            continue
        return library
    raise NoWayIn


def _address(function) -> int:
    return cast(function, c_void_p).value


def _keep(*things):
    _kept.extend(things)
    return things[0]
