"""Servers that run in processes of their own, and end with their test, however that ends."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from beside.config.process import end_with_parent

# How long a test waits before it says that something never came. No verdict depends on it being short.
PATIENCE_S = 240
_PATH = f"{os.environ['PATH']}:/usr/sbin"


def program(name: str) -> str:
    """Where a program is. A test that needs it is left out where it isn't installed; under CI it must be."""
    found = shutil.which(name, path=_PATH)
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{name} isn't installed, and under CI it must be.")
        pytest.skip(f"{name} isn't installed.")
    return found


def free_port() -> int:
    """A port of this machine that nothing listens on at this moment."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def until(holds: Callable[[], object]) -> Any:
    """Return what `holds()` says once that is true. The test fails where that never comes."""
    ends = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends:
        if answer := holds():
            return answer
        time.sleep(0.05)
    pytest.fail("it never came")


@contextmanager
def running(
    command: Sequence[str | Path], environ: Mapping[str, str] | None = None, **how: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server while the block runs, in a process group of its own.

    At the end the whole group is ended: asked first, and then killed. If the test's process is killed,
    Linux ends the server. `how` is what else `Popen` is told.
    """
    process = subprocess.Popen(
        command,
        env=environ,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=end_with_parent,
        **how,
    )
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        # The process itself is waited for, but one that it left behind would still have its group.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
