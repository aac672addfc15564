"""What every process of Beside promises before it holds a key: no readable files, no core dump."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

_PR_SET_PDEATHSIG = 1


def keep_to_itself() -> None:
    """Files that this process makes are its owner's alone, and its memory is never written to disk."""
    os.umask(0o077)
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))


def end_with_parent() -> None:
    """Ask Linux for a SIGTERM when the parent is gone, so that a killed supervisor leaves nobody behind.

    Other systems have nothing like it: there the worker watches its parent's id instead.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
