"""Disks small enough to be filled."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

MEBIBYTE = 1 << 20


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """An empty file system of `size`, such as 6m, mounted at `folder` while the block runs. Only root can have one."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        if os.environ.get("CI") == "true":
            pytest.fail("A small file system can't be mounted, and under CI it must be.")
        pytest.skip("LEFT OUT: only root can mount a small file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill(disk: Path) -> None:
    """Leave not one byte, until the file `full` is taken away. What a place that is served lets go of meanwhile is left to it."""
    left = shutil.disk_usage(disk).free
    with (disk / "full").open("ab", buffering=0) as file, suppress(OSError):
        while left > 0:
            left -= file.write(bytes(min(MEBIBYTE, left)))
