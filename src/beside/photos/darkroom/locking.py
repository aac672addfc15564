"""Locking a process in before it sees a stranger's bytes: nothing in, nothing out but one socket."""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Callable
from functools import partial

from beside.photos.darkroom import kernel, landlock, seccomp
from beside.photos.darkroom.terms import Limits

_NOBODY = 65534
# Descriptors below this may still be open; none is needed beyond the one socket.
_MAX_DESCRIPTORS = 16


def lock(limits: Limits) -> None:
    """Give up all rights but computing, reading and writing what is open. There is no way back.

    What the kernel doesn't know is left out: rlimits hold everywhere, the rest on Linux only.
    `sandbox.report()` tells the host which of them hold.
    """
    limit(limits)
    if not sys.platform.startswith("linux"):
        return
    become_nobody()
    # After the change of account, which would clear it: the child dies with the darkroom.
    _try(lambda: kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL))
    _try(lambda: kernel.prctl(kernel.PR_SET_DUMPABLE, 0))
    _try(lambda: kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1))
    _try(landlock.restrict)
    _try(seccomp.restrict)


def limit(limits: Limits) -> None:
    """Bound memory, processor time and files for this process."""
    bounds = {
        resource.RLIMIT_AS: limits.memory_bytes,
        resource.RLIMIT_CPU: limits.cpu_s,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: _MAX_DESCRIPTORS,
    }
    if not sys.platform.startswith("linux"):
        # Linux counts threads here, and all of one account's; there seccomp refuses fork.
        bounds[resource.RLIMIT_NPROC] = 0
    for name, bound in bounds.items():
        _try(partial(resource.setrlimit, name, (bound, bound)))


def become_nobody() -> None:
    """Root gives itself up; anybody else is nobody special already."""
    if os.geteuid() == 0:
        _try(lambda: os.setgroups([]))
        _try(lambda: os.setresgid(_NOBODY, _NOBODY, _NOBODY))
        _try(lambda: os.setresuid(_NOBODY, _NOBODY, _NOBODY))


def _try(step: Callable[[], object]) -> None:
    try:
        step()
    except (OSError, ValueError):
        return
