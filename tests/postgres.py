"""A PostgreSQL of our own, thrown away at the end: for the tests, and for what bench/ measures.

It listens on a socket in its folder and nowhere else, and whatever else is installed here is
not touched. `python -m tests.postgres` prints where its programs are, or says that there are none.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote

OWNER = "beside"
STARTING_S = 60
_WHERE_DEBIAN_HAS_IT = Path("/usr/lib/postgresql")
_PR_SET_PDEATHSIG = 1
# What is thrown away doesn't have to outlive a power cut.
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class NotInstalled(Exception):
    """There is no PostgreSQL on this machine."""

    def __init__(self) -> None:
        super().__init__("There is no PostgreSQL here. On Debian: apt install postgresql")


class NotStarted(Exception):
    """It is installed, and has not begun to answer."""


def programs() -> Path:
    """The folder with `initdb` and `postgres`, the newest there is; raises `NotInstalled`."""
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    found = _WHERE_DEBIAN_HAS_IT.glob("*/bin/initdb")
    newest = max(found, key=lambda path: float(path.parts[-3]), default=None)
    if newest is None:
        raise NotInstalled
    return newest.parent


class Cluster:
    """One server with its files in a folder of its own; it ends with this process, however that ends."""

    def __init__(
        self, settings: dict[str, str] | None = None, *, within: Path | None = None
    ) -> None:
        self._settings = HASTY if settings is None else settings
        self._folder = Path(tempfile.mkdtemp(prefix="beside-pg-", dir=within))
        self._data = str(self._folder / "data")
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Cluster:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        what: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return self._folder / ".s.PGSQL.5432"

    def url(self, database: str = "postgres") -> str:
        """For BESIDE_DATABASE_URL: the socket's folder stands where a host's name would."""
        return f"postgres://{OWNER}@{quote(str(self._folder), safe='')}/{database}"

    def start(self) -> None:
        """Make it and start it; it answers when this returns. Raises `NotInstalled` and `NotStarted`."""
        there, who = programs(), somebody_unprivileged()
        if who:
            os.chown(self._folder, who["user"], who["group"])
        made = [str(there / "initdb"), "-D", self._data, "-U", OWNER, "-A", "trust", "-E", "UTF8"]
        subprocess.run(
            [*made, "--locale=C.UTF-8", "--no-sync"], check=True, stdout=subprocess.DEVNULL, **who
        )
        self.run()

    def run(self) -> None:
        """Start it again, after `halt`."""
        there, who = programs(), somebody_unprivileged()
        said = [f"--{name}={value}" for name, value in self._settings.items()]
        listening = [f"--unix_socket_directories={self._folder}", "--listen_addresses="]
        with (self._folder / "log").open("wb") as log:
            self._server = subprocess.Popen(
                [str(there / "postgres"), "-D", self._data, *listening, *said],
                stdout=log,
                stderr=log,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,
                **who,
            )
        self._wait(there)

    def make(self, database: str) -> str:
        """An empty database of that name; returns its address."""
        address = ["-h", str(self._folder), "-U", OWNER]
        subprocess.run([str(programs() / "createdb"), *address, database], check=True)
        return self.url(database)

    def standby(self) -> Cluster:
        """A standby of it as it is now, started, that hears nothing of it any more. Stop it."""
        other, who = Cluster(self._settings), somebody_unprivileged()
        if who:
            os.chown(other._folder, who["user"], who["group"])
        copying = [str(programs() / "pg_basebackup"), "-h", str(self._folder), "-U", OWNER]
        hastily = ["--checkpoint=fast", "--no-sync"]
        subprocess.run([*copying, *hastily, "-D", other._data], check=True, **who)
        Path(other._data, "standby.signal").touch()
        other.run()
        return other

    def stop(self) -> None:
        """End it, whoever is still connected, and take its files away. Twice is harmless."""
        self.halt()
        shutil.rmtree(self._folder, ignore_errors=True)

    def is_running(self) -> bool:
        """Whether it has not ended, by itself or otherwise."""
        return self._server is not None and self._server.poll() is None

    def halt(self) -> None:
        """End it, whoever is still connected; its files stay."""
        if self._server is not None:
            self._server.send_signal(signal.SIGINT)
            self._server.wait(STARTING_S)
            self._server = None

    def _wait(self, there: Path) -> None:
        assert self._server is not None
        asking = [str(there / "pg_isready"), "-q", "-h", str(self._folder), "-U", OWNER]
        for _ in range(STARTING_S * 20):
            if subprocess.run(asking, check=False).returncode == 0:
                return
            if self._server.poll() is not None:
                break
            time.sleep(0.05)
        raise NotStarted((self._folder / "log").read_text("utf-8", "replace"))


def somebody_unprivileged() -> dict[str, Any]:
    """Whose process it is to be: PostgreSQL and PgBouncer refuse to be run by root."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


if __name__ == "__main__":
    try:
        print(programs())
    except NotInstalled as nothing:
        sys.exit(str(nothing))
