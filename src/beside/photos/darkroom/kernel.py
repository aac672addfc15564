"""The few system calls that Python has no name for, through ctypes."""

from __future__ import annotations

import ctypes
import os

_libc = ctypes.CDLL(None, use_errno=True)

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_NO_NEW_PRIVS = 38


def syscall(number: int, *arguments: object) -> int:
    """The system call `number`; raises OSError where the kernel refuses it."""
    return _checked(_libc.syscall(ctypes.c_long(number), *arguments))


def prctl(option: int, value: int) -> None:
    """prctl(2) with one argument; raises OSError where the kernel refuses it."""
    filler = ctypes.c_ulong(0)
    _checked(_libc.prctl(option, ctypes.c_ulong(value), filler, filler, filler))


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
