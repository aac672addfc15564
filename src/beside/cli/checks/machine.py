"""The machine that a place runs on: Python, rights, room, and the ways by which plain bytes could reach a disk."""

from __future__ import annotations

import resource
import shutil
import sqlite3
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from beside.cli.checks.findings import Finding, note, well, wrong
from beside.config.env import Env
from beside.photos import disk_full
from beside.photos.intake import sandbox
from beside.photos.intake.darkrooms import NoDarkroom, Unlocked
from beside.photos.vault import new_place
from beside.photos.vault.slots import slots_at

_GIB = 1024**3
_LEAST_ROOM_BYTES = 2 * _GIB
KEEPS_OLD_BLOCKS = {"btrfs", "zfs", "bcachefs"}
_IN_MEMORY = {"tmpfs", "ramfs"}
# 3.37 is the first with STRICT tables and the RETURNING fixes that Django 5.2 relies on; Debian 12 has 3.40.
_OLDEST_SQLITE = (3, 37)
_ALLOW_LOCKS = (
    "Linux 5.13 or later with Landlock and seccomp keeps it in; in a container, allow both."
)


def look(env: Env) -> Iterator[Finding]:
    """Everything about the machine."""
    yield _python()
    yield _sqlite()
    yield from _rights(env)
    yield _root_key(env)
    yield _room(env.data)
    yield _snapshots(env.data)
    yield _temporary()
    yield _swap(Path("/proc/swaps"))
    yield _core_dumps()
    yield _sandbox(env)


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


def _is_missing(env: Env) -> bool:
    """A keyring that can't be asked is named by the checks of buckets."""
    try:
        return new_place.is_missing(env.data, env.root_key_file, slots_at(env.keyring_place))
    except OSError:
        return False


def _rights(env: Env) -> Iterator[Finding]:
    if _is_missing(env):
        yield wrong(
            "place",
            f"There is a root key at {env.root_key_file}, but {env.data} is empty or isn't there.",
            "Mount its disk. For a new place, beside serve says what to do.",
        )
    for about, path, most in (
        ("data folder", env.data, 0o700),
        ("root key", env.root_key_file, 0o600),
    ):
        if not path.exists():
            yield wrong(about, f"{path} isn't there.", "beside serve makes it at the first start.")
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & ~most:
            yield wrong(
                f"{about}'s rights",
                f"Others on this machine can reach {path} ({mode:o}).",
                f"chmod {most:o} {path}",
            )
        else:
            yield well(f"{about}'s rights", f"Only its owner can reach {path}.")


def _root_key(env: Env) -> Finding:
    key, data = env.root_key_file.resolve(), env.data.resolve()
    if key.is_relative_to(data):
        return wrong(
            "root key's place",
            "The root key lies in the data folder, so every copy of the data carries the key to it.",
            "Move it outside, and set BESIDE_ROOT_KEY_FILE.",
        )
    if key.parent == data.parent:
        return note(
            "root key's place",
            f"The root key lies beside the data folder, in {key.parent}: a copy of that folder has both.",
            "Keep a copy of the key on paper or in a safe, and put the key itself elsewhere"
            " (BESIDE_ROOT_KEY_FILE). Whoever loses it loses every photograph.",
        )
    return well("root key's place", "The root key lies apart from the data folder.")


def _room(data: Path) -> Finding:
    if disk_full.is_full(_existing(data)):
        return wrong(
            "room",
            "The disk is full: nothing more can be put in. Reading, closing, taking back and destroying still work.",
            "Make room now, or give the data folder a larger disk.",
        )
    free = shutil.disk_usage(_existing(data)).free
    says = f"{free / _GIB:.1f} GiB are free where the photographs are kept."
    if free < _LEAST_ROOM_BYTES:
        return wrong("room", says, "Make room soon: without it, nothing more can be put in.")
    return well("room", says)


def _snapshots(data: Path) -> Finding:
    kind = file_system(data)
    if kind in KEEPS_OLD_BLOCKS:
        return note(
            "file system",
            f"The data folder is on {kind}, which may keep old blocks in snapshots: a destroyed key could"
            " still be in one.",
            "Take no snapshots of the keyring folder, or let them run out within days.",
        )
    return well(
        "file system", f"The data folder is on {kind or 'a file system that has no name here'}."
    )


def _temporary() -> Finding:
    folder = Path(tempfile.gettempdir())
    if file_system(folder) in _IN_MEMORY:
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


def _sandbox(env: Env) -> Finding:
    """What a broken decoder could do here; without a lock, that photographs wait or that a risk is taken."""
    try:
        not_refused = ", ".join(str(wall.what) for wall in sandbox.report() if not wall.holds)
        is_unlocked = bool(not_refused) and not sandbox.locks()
    except NoDarkroom as wrong_darkroom:
        return wrong(
            "darkroom",
            str(wrong_darkroom),
            "Without it no photograph can be developed; see the log.",
        )
    if is_unlocked and not env.risk_unlocked_darkroom:
        return wrong(
            "darkroom",
            str(Unlocked()),
            f"{_ALLOW_LOCKS} BESIDE_RISK_UNLOCKED_DARKROOM=true develops them all the same: a photograph"
            " made to break its decoder could then read every key, photograph and letter here.",
        )
    if not_refused:
        says = f"A broken decoder would not be kept from {not_refused}."
        return note("darkroom", says, _ALLOW_LOCKS)
    return well("darkroom", "A broken decoder can reach nothing.")


def file_system(path: Path) -> str:
    """The kind of file system that `path` is on, from /proc/mounts; empty where there is none."""
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return ""
    at = _existing(path.resolve())
    best = ("", "")
    for line in mounts.read_text("utf-8").splitlines():
        _, where, kind, *_ = line.split()
        if at.is_relative_to(where) and len(where) >= len(best[0]):
            best = (where, kind)
    return best[1]


def _existing(path: Path) -> Path:
    while not path.exists():
        path = path.parent
    return path
