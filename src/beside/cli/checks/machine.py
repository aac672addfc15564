"""The machine that a place runs on: Python, SQLite, limits, and the ways by which plain bytes could reach a disk."""

from __future__ import annotations

import resource
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from beside.cli.checks.file_systems import IN_MEMORY, file_system
from beside.cli.checks.findings import Finding, note, well, wrong

# 3.37 is the first with STRICT tables and the RETURNING fixes that Django 5.2 relies on; Debian 12 has 3.40.
_OLDEST_SQLITE = (3, 37)
# A server process wants 16,384, and works with fewer visitors at once from here on.
_LEAST_FILES = 4096


def look() -> Iterator[Finding]:
    """Everything about the machine."""
    yield _python()
    yield _sqlite()
    yield _temporary()
    yield _swap(Path("/proc/swaps"))
    yield _core_dumps()
    yield _open_files()


def _python() -> Finding:
    running = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < (3, 11):  # noqa: UP036
        return wrong("python", f"This is Python {running}.", "Beside needs 3.11 or later.")
    return well("python", f"Python {running}.")


def _sqlite() -> Finding:
    says = f"SQLite {sqlite3.sqlite_version}."
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        return wrong(
            "sqlite", says, "Beside needs 3.37 or later; a newer Python or system brings it."
        )
    return well("sqlite", says)


def _temporary() -> Finding:
    folder = Path(tempfile.gettempdir())
    if file_system(folder) in IN_MEMORY:
        return well("temporary files", f"{folder} is in memory.")
    return note(
        "temporary files",
        f"{folder} is on a disk. Beside writes nothing there; a library or a proxy might.",
        "Set TMPDIR to a folder in memory, and turn request buffering off in the proxy (docs/hosting.md).",
    )


def _swap(swaps: Path) -> Finding:
    if not swaps.exists():
        return note(
            "swap", "This system doesn't say whether it swaps.", "Encrypt its swap, or turn it off."
        )
    used = [line.split()[0] for line in swaps.read_text("utf-8").splitlines()[1:]]
    plain = [
        name for name in used if not name.startswith(("/dev/zram", "/dev/dm-", "/dev/mapper/"))
    ]
    if plain:
        return note(
            "swap",
            f"Memory may be written to {', '.join(plain)}, keys and photographs included.",
            "Encrypt swap, or turn it off: swapoff -a.",
        )
    return well("swap", "No memory is written to an unencrypted disk.")


def _core_dumps() -> Finding:
    soft, _ = resource.getrlimit(resource.RLIMIT_CORE)
    if soft:
        return wrong("core dumps", "A crash would write memory to disk.", "Set LimitCORE=0.")
    return well("core dumps", "A crash writes no memory to disk.")


def _open_files() -> Finding:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < _LEAST_FILES:
        return wrong(
            "open files",
            f"A process may open {hard} files and connections here, so few people can be served at once.",
            "Set LimitNOFILE=16384, or ulimit -n 16384.",
        )
    return well("open files", "A process may open enough files and connections.")
