"""Servers that run in processes of their own, and end with their test, however that ends."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from random import SystemRandom
from typing import Any

import pytest

from beside.config.process import end_with_parent

BESIDE = Path(sys.executable).with_name("beside")
# How long a test waits before it says that something never came. No verdict depends on it being short.
PATIENCE_S = 240
# Linux gives ports from here on to whoever connects, for as long as that lasts.
_GIVEN_OUT = Path("/proc/sys/net/ipv4/ip_local_port_range")
_FIRST, _USUALLY = 10_000, 32_768
_given: set[int] = set()
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
    """A port of this machine that nothing listens on, and that Linux gives to nobody who connects somewhere."""
    [port] = free_ports(1)
    return port


def free_ports(many: int) -> list[int]:
    """As many of them, each another, and none that was given before: whoever was given one may not listen on it yet.

    Those of tests in other processes of the same run are others, and those of other runs hardly ever the same, as they are drawn.
    """
    try:
        given_out = int(_GIVEN_OUT.read_text("ascii").split()[0])
    except OSError:
        given_out = _USUALLY
    process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    mine = range(_FIRST + process, max(given_out, _FIRST + 1000), processes)
    drawn = SystemRandom().sample(mine, k=len(mine))
    found = list(islice((port for port in drawn if port not in _given and _is_free(port)), many))
    _given.update(found)
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as trying:
        try:
            trying.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


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
