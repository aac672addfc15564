"""Locking a process before it reads a stranger's bytes: nothing goes in or out but over one socket."""

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


def lock(limits: Limits) -> list[str]:
    """Give up all rights but computing, and reading and writing what is open. There is no way back.

    Returns which of the kernel's two locks hold, "landlock" and "seccomp": without either of them a
    decoder that was broken into could read every file of this account. Limits hold everywhere.
    """
    limit(limits)
    if not sys.platform.startswith("linux"):
        return []
    become_nobody()
    # After the change of account, which would clear it: the child dies with the darkroom.
    _try(lambda: kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL))
    _try(lambda: kernel.prctl(kernel.PR_SET_DUMPABLE, 0))
    _try(lambda: kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1))
    # Landlock first: the filter of seccomp leaves no way to ask for it.
    locks = (("landlock", landlock.restrict), ("seccomp", seccomp.restrict))
    return [name for name, restrict in locks if _try(restrict)]


def limit(limits: Limits) -> None:
    """Bound memory, processor time and files for this process."""
    bounds = {
        resource.RLIMIT_AS: limits.memory_bytes,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: _MAX_DESCRIPTORS,
    }
    if not sys.platform.startswith("linux"):
        # Linux counts threads here, and all of one account's; there seccomp refuses fork.
        bounds[resource.RLIMIT_NPROC] = 0
    for name, bound in bounds.items():
        _try(partial(resource.setrlimit, name, (bound, bound)))
    # Past the first the process ends with SIGXCPU, which tells why; past the second in any case.
    cpu = (limits.cpu_s, limits.cpu_s + 1)
    _try(partial(resource.setrlimit, resource.RLIMIT_CPU, cpu))


def become_nobody() -> None:
    """Change from root to an account without rights; other accounts are left as they are."""
    if os.geteuid() == 0:
        _try(lambda: os.setgroups([]))
        _try(lambda: os.setresgid(_NOBODY, _NOBODY, _NOBODY))
        _try(lambda: os.setresuid(_NOBODY, _NOBODY, _NOBODY))


def _try(step: Callable[[], object]) -> bool:
    try:
        step()
    except (OSError, ValueError):
        return False
    return True
