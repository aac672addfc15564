"""The place that is upgraded: its data, reached through a version's own commands, and its server."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

STARTING_S = 90
_PAUSE_S = 0.5
# The second: the disk is full, and everything can still be read.
_IS_SERVED = (200, 507)
_ON_THIS_MACHINE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "[::]": "[::1]"}  # noqa: S104


class Refused(Exception):
    """A version's command didn't do what was asked."""


@dataclass(frozen=True, slots=True)
class ServedPlace:
    """`through` stands before each command that reaches the data; `restart` restarts the server, if it is known how."""

    through: Sequence[str]
    restart: Sequence[str]

    def is_well(self, program: Path) -> bool:
        """Whether that version's doctor finds nothing to mend."""
        return self._run(program, "doctor").returncode == 0

    def must(self, program: Path, *words: str) -> str:
        """Run a command of that version. Raises `Refused` with what it said."""
        done = self._run(program, *words)
        if done.returncode:
            raise Refused((done.stderr or done.stdout).strip().removeprefix("Error: "))
        return done.stdout

    def start_again(self, program: Path) -> bool:
        """Restart the server, and wait until it answers. Whether it did."""
        done = subprocess.run(self.restart, check=False, capture_output=True)  # noqa: S603
        return done.returncode == 0 and self._answers(self._address(program))

    def _address(self, program: Path) -> str:
        bind = json.loads(self.must(program, "settings", "--json"))["BESIDE_BIND"]
        host, _, port = str(bind).rpartition(":")
        return f"http://{_ON_THIS_MACHINE.get(host, host)}:{port}/healthz"

    def _answers(self, address: str) -> bool:
        asking = build_opener(ProxyHandler({}))
        ends = time.monotonic() + STARTING_S
        while time.monotonic() < ends:
            try:
                status = asking.open(address, timeout=5).status
            except HTTPError as answered:
                status = answered.code
            except OSError:
                status = None
            if status in _IS_SERVED:
                return True
            time.sleep(_PAUSE_S)
        return False

    def _run(self, program: Path, *words: str) -> subprocess.CompletedProcess[str]:
        command = [*self.through, str(program), *words]
        return subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
