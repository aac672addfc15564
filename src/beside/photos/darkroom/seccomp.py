"""A seccomp filter: the few system calls that decoding needs are allowed, and every other is refused."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from dataclasses import dataclass

from beside.photos.darkroom import kernel
from beside.photos.darkroom.syscalls import ALLOWED, FATAL, Numbers

_SET_MODE_FILTER = 1
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
# Classic BPF: load a word; jump if equal, if at least, if any bit is set; return.
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
# Offsets in struct seccomp_data; of an argument, its low and its high half.
_NUMBER, _ARCHITECTURE = 0, 4
_LOW = (16, 24, 32)
_HIGH = (20, 28, 36)
_CLONE_THREAD = 0x00010000
_PROT_EXEC = 0x4
# x86_64 answers a second set of numbers, with this bit; none of them is needed.
_X32 = 0x40000000
_CLONE3 = 435
# Naming a thread (libvips does), and naming memory (newer versions of the C library do).
_PRCTL_NAMES = (15, 0x53564D41)


@dataclass(frozen=True)
class _Machine:
    """The calls that are allowed for some arguments only, by their numbers on one processor."""

    column: int
    audit: int
    seccomp: int
    clone: int
    signals: tuple[int, ...]
    prlimit: int
    executable: tuple[int, ...]
    prctl: int

    def numbers(self, calls: dict[str, Numbers]) -> list[int]:
        """The numbers of `calls` on this processor, which may not have all of them."""
        column = (numbers[self.column] for numbers in calls.values())
        return [number for number in column if number is not None]


_MACHINES = {
    "x86_64": _Machine(0, 0xC000003E, 317, 56, (62, 234), 302, (9, 10), 157),
    "aarch64": _Machine(1, 0xC00000B7, 277, 220, (129, 131), 261, (222, 226), 167),
}


class _Step(ctypes.Structure):
    _fields_ = [
        ("code", ctypes.c_uint16),
        ("then", ctypes.c_uint8),
        ("otherwise", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    ]


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_uint16), ("steps", ctypes.POINTER(_Step))]


Steps = list[tuple[int, int, int, int]]


def restrict() -> None:
    """Load the filter for this process and all its threads to come, for good.

    Raises OSError where the kernel has no seccomp or the processor isn't one of the two known.
    `no_new_privs` must be set before.
    """
    machine = _MACHINES.get(platform.machine())
    # A 32-bit program on a 64-bit kernel counts its system calls differently.
    if machine is None or struct.calcsize("P") != 8:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    load(machine.seccomp, _filter(machine, os.getpid()))


def load(seccomp: int, steps: Steps) -> None:
    """Load the program `steps` by the system call `seccomp`."""
    program = _Program(len(steps), (_Step * len(steps))(*(_Step(*step) for step in steps)))
    kernel.syscall(
        seccomp, ctypes.c_uint(_SET_MODE_FILTER), ctypes.c_uint(0), ctypes.byref(program)
    )


def _filter(machine: _Machine, own_pid: int) -> Steps:
    steps: Steps = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, machine.audit),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
    ]
    if machine.column == 0:
        steps += [(_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _KILL)]
    # EPERM here would make GLib give up; ENOSYS makes the C library fall back to clone.
    steps += [(_EQUAL, 0, 1, _CLONE3), (_RETURN, 0, 0, _ERRNO | errno.ENOSYS)]
    steps += _by_argument(machine, own_pid)
    for number in machine.numbers(FATAL):
        steps += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _KILL)]
    for number in machine.numbers(ALLOWED):
        steps += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ALLOW)]
    return [*steps, (_RETURN, 0, 0, _ERRNO | errno.EPERM)]


def _by_argument(machine: _Machine, own_pid: int) -> Steps:
    """Calls that are allowed for some arguments only. Each test jumps over the refusal."""
    steps = _only_if(machine.clone, [(_LOAD, 0, 0, _LOW[0]), (_ANY_BIT, 1, 0, _CLONE_THREAD)])
    for number in machine.signals:  # abort() sends one to itself
        steps += _only_if(number, [(_LOAD, 0, 0, _LOW[0]), (_EQUAL, 1, 0, own_pid)])
    for number in machine.executable:  # no code that wasn't there before
        steps += _only_if(number, [(_LOAD, 0, 0, _LOW[2]), (_ANY_BIT, 0, 1, _PROT_EXEC)])
    thread, memory = _PRCTL_NAMES
    named = [(_LOAD, 0, 0, _LOW[0]), (_EQUAL, 2, 0, thread), (_EQUAL, 1, 0, memory)]
    steps += _only_if(machine.prctl, named)
    # Limits may be asked for, never set: the pointer to new ones must be null.
    null = [(_LOAD, 0, 0, _LOW[2]), (_EQUAL, 0, 2, 0), (_LOAD, 0, 0, _HIGH[2]), (_EQUAL, 1, 0, 0)]
    return steps + _only_if(machine.prlimit, null)


def _only_if(number: int, test: Steps) -> Steps:
    body = [*test, (_RETURN, 0, 0, _ERRNO | errno.EPERM), (_RETURN, 0, 0, _ALLOW)]
    return [(_EQUAL, 0, len(body), number), *body]
