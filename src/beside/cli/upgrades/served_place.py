"""The place that is upgraded: its data, reached through a version's own commands, and its server."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from beside.cli.backups import AS_FAR_AS_IT_GOES
from beside.cli.process import health
from beside.config.addresses import host_and_port

STARTING_S = 90
_PAUSE_S = 0.5
# The second: the disk is full, and everything can still be read.
_IS_SERVED = (200, 507)
_ANSWERS_S = 5


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
        """Run a command of that version, and return what it said. Raises `Refused` with that.

        A backup without what this place had lost before is done.
        """
        done = self._run(program, *words)
        if done.returncode not in (0, AS_FAR_AS_IT_GOES):
            raise Refused((done.stderr or done.stdout).strip().removeprefix("Error: "))
        return done.stdout

    def start_again(self, program: Path) -> bool:
        """Restart the server, and wait until it answers. Whether it did."""
        try:
            done = subprocess.run(self.restart, check=False, capture_output=True)  # noqa: S603
        except OSError:
            return False
        return done.returncode == 0 and self._answers(*self._listens_at(program))

    def _listens_at(self, program: Path) -> tuple[str, int]:
        return host_and_port(json.loads(self.must(program, "settings", "--json"))["BESIDE_BIND"])

    def _answers(self, host: str, port: int) -> bool:
        ends = time.monotonic() + STARTING_S
        while time.monotonic() < ends:
            answer = health.of(host, port, within_s=_ANSWERS_S)
            if answer is not None and _is_whole(*answer):
                return True
            time.sleep(_PAUSE_S)
        return False

    def _run(self, program: Path, *words: str) -> subprocess.CompletedProcess[str]:
        command = [*self.through, str(program), *words]
        return subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603


def _is_whole(status: int, says: bytes) -> bool:
    """Whether the server and its worker run. A version whose worker can't start hasn't come up."""
    return status in _IS_SERVED and says != health.WITHOUT_WORKER
