"""What every process of Beside does before it holds a key: private files, no core dump, no debugger.

It also remembers whether this process may create a root key. Commands that only look, and
`--help`, must leave no trace.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE = 1, 4
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
