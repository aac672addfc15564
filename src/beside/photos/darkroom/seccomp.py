"""A seccomp filter: what a decoder has no business asking the kernel for is refused."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
from dataclasses import dataclass

from beside.photos.darkroom import kernel
from beside.photos.darkroom.syscalls import REFUSED

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


@dataclass(frozen=True)
class _Machine:
    """The calls that are looked at more closely, by their numbers on one processor."""

    column: int
    audit: int
    seccomp: int
    clone: int
    signals: tuple[int, ...]
    prlimit: int
    executable: tuple[int, ...]

    def refused(self) -> list[int]:
        columns = (numbers[self.column] for numbers in REFUSED.values())
        return [number for number in columns if number is not None]


_MACHINES = {
    "x86_64": _Machine(0, 0xC000003E, 317, 56, (62, 234), 302, (9, 10, 329)),
    "aarch64": _Machine(1, 0xC00000B7, 277, 220, (129, 131), 261, (222, 226, 288)),
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


_Steps = list[tuple[int, int, int, int]]


def restrict() -> None:
    """Load the filter for this process and all its threads to come, for good.

    Raises OSError where the kernel has no seccomp or the processor isn't one of the two known.
    `no_new_privs` must be set before.
    """
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    steps = _filter(machine, os.getpid())
    program = _Program(len(steps), (_Step * len(steps))(*(_Step(*step) for step in steps)))
    kernel.syscall(
        machine.seccomp, ctypes.c_uint(_SET_MODE_FILTER), ctypes.c_uint(0), ctypes.byref(program)
    )


def _filter(machine: _Machine, own_pid: int) -> _Steps:
    steps: _Steps = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, machine.audit),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
    ]
    if machine.column == 0:
        steps += [(_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _ERRNO | errno.EPERM)]
    # EPERM here would make GLib give up; ENOSYS makes the C library fall back to clone.
    steps += [(_EQUAL, 0, 1, _CLONE3), (_RETURN, 0, 0, _ERRNO | errno.ENOSYS)]
    steps += _looked_at(machine, own_pid)
    for number in machine.refused():
        steps += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ERRNO | errno.EPERM)]
    return [*steps, (_RETURN, 0, 0, _ALLOW)]


def _looked_at(machine: _Machine, own_pid: int) -> _Steps:
    """Calls that are allowed for some arguments only. Each test jumps over the refusal."""
    steps = _only_if(machine.clone, [(_LOAD, 0, 0, _LOW[0]), (_ANY_BIT, 1, 0, _CLONE_THREAD)])
    for number in machine.signals:  # abort() sends one to itself
        steps += _only_if(number, [(_LOAD, 0, 0, _LOW[0]), (_EQUAL, 1, 0, own_pid)])
    for number in machine.executable:  # no code that wasn't there before
        steps += _only_if(number, [(_LOAD, 0, 0, _LOW[2]), (_ANY_BIT, 0, 1, _PROT_EXEC)])
    # Limits may be asked for, never set: the pointer to new ones must be null.
    null = [(_LOAD, 0, 0, _LOW[2]), (_EQUAL, 0, 2, 0), (_LOAD, 0, 0, _HIGH[2]), (_EQUAL, 1, 0, 0)]
    return steps + _only_if(machine.prlimit, null)


def _only_if(number: int, test: _Steps) -> _Steps:
    body = [*test, (_RETURN, 0, 0, _ERRNO | errno.EPERM), (_RETURN, 0, 0, _ALLOW)]
    return [(_EQUAL, 0, len(body), number), *body]
