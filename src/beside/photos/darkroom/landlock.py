"""Landlock (Linux 5.13 and later): no file, no connection, no signal out, whatever the code tries."""

from __future__ import annotations

import ctypes
import os

from beside.photos.darkroom import kernel

# The same on x86_64 and aarch64 (include/uapi/asm-generic/unistd.h).
_CREATE_RULESET, _RESTRICT_SELF = 444, 446
_ASK_VERSION = 1
# How many file rights each version of the interface knows (Documentation/userspace-api/landlock.rst).
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
_FILE_RIGHTS_SINCE_5 = 16
_TCP_BIND_AND_CONNECT = 0b11
_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11


class _Ruleset(ctypes.Structure):
    _fields_ = [
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scope", ctypes.c_uint64),
    ]


def version() -> int:
    """The version of Landlock that this kernel speaks; raises OSError where there is none."""
    return kernel.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_ASK_VERSION))


def restrict() -> None:
    """Give up every right that Landlock knows, for good. `no_new_privs` must be set before."""
    known = version()
    rules = _Ruleset(
        (1 << _FILE_RIGHTS.get(known, _FILE_RIGHTS_SINCE_5)) - 1,
        _TCP_BIND_AND_CONNECT if known >= 4 else 0,
        _ABSTRACT_SOCKETS_AND_SIGNALS if known >= 6 else 0,
    )
    size = 8 if known < 4 else 16 if known < 6 else 24
    fd = kernel.syscall(
        _CREATE_RULESET, ctypes.byref(rules), ctypes.c_size_t(size), ctypes.c_uint32(0)
    )
    try:
        kernel.syscall(_RESTRICT_SELF, ctypes.c_int(fd), ctypes.c_uint32(0))
    finally:
        os.close(fd)
