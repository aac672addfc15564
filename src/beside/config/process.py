"""What every process of Beside does before it holds a key: private files, no core dump, no debugger.

It also remembers whether this process may create a root key. Commands that only look, and
`--help`, must leave no trace. And where root runs it, what it makes belongs to whom the data belongs to.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from contextlib import suppress
from pathlib import Path

from beside.photos.vault.durable import nearest_folder

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE = 1, 4
_CAPABILITY_VERSION = 0x20080522
# CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH and CAP_FOWNER: reading and writing whatever the rights of a file say.
_REACHING = 1 << 1 | 1 << 2 | 1 << 3
_may_create_root_key = True


def keep_to_itself() -> None:
    """Keep files private to their owner, and memory off the disk and out of reach of other processes.

    On Linux the process also stops being dumpable: no process of the same user can attach to it
    or read its memory through /proc. `execve` undoes that, so each process calls this itself.
    """
    os.umask(0o077)
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0)


def write_as_owner_of(folder: Path) -> None:
    """Where root runs this process, have everything that it makes belong to the owner of `folder`.

    Otherwise a command that root ran once would leave files that the service can't write to any more. If the folder isn't
    there yet, it is the owner of the nearest one above it. On Linux the process still reaches all that root
    reaches: the root key, and a backup that is root's.
    """
    if os.getuid() != 0:
        return
    owner = nearest_folder(folder).stat()
    if os.geteuid() == 0 and owner.st_uid != 0:
        # In a container the owner may be nobody there, and then root stays root.
        with suppress(OSError):
            os.setegid(owner.st_gid)
            os.seteuid(owner.st_uid)
        keep_to_itself()  # A new user makes a process dumpable again.
    if os.geteuid() != 0 and sys.platform == "linux":
        _reach_as_root()


def only_look() -> None:
    """Promise that this process creates no root key. Called before Django's settings are loaded."""
    global _may_create_root_key
    _may_create_root_key = False


def may_create_root_key() -> bool:
    """Whether this process may create a root key for a place that has none."""
    return _may_create_root_key


def end_with_parent() -> None:
    """Ask Linux for a SIGTERM when the parent ends, so that killing the supervisor ends its children.

    Other systems have no equivalent: there the worker watches its parent's id instead.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class _Asked(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Capabilities(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def _reach_as_root() -> None:
    """Take back, of what root may, only to reach files. Without it a file that is out of reach is said to be."""
    libc = ctypes.CDLL(None, use_errno=True)
    asked, held = _Asked(_CAPABILITY_VERSION, 0), (_Capabilities * 2)()
    if libc.capget(ctypes.byref(asked), held) == 0:
        held[0].effective |= held[0].permitted & _REACHING
        libc.capset(ctypes.byref(asked), held)
