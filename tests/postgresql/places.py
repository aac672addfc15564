"""Whole places in processes of their own, on SQLite or PostgreSQL, so that one can be put onto the other."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.crash.folder import environment
from tests.serving import BESIDE

ROOT = Path(__file__).parents[2]
_MAKE = "import django; django.setup(); from tests.crash import scenario; scenario.make()"
_SEES = "import django; django.setup(); from tests.postgresql import sights; sights.tell()"


@dataclass(frozen=True)
class Place:
    """One place: its folder, its database where that isn't SQLite in the folder, and what else is set of where it is kept."""

    folder: Path
    database: str = ""
    kept: tuple[tuple[str, str], ...] = ()

    @property
    def data(self) -> Path:
        return self.folder / "place" / "data"

    def environment(self) -> dict[str, str]:
        """The environment of its processes."""
        kept = {f"BESIDE_{name.upper()}": value for name, value in self.kept}
        return environment(self.folder, database=self.database) | kept

    def make(self) -> None:
        """Make the scenario of `tests.crash`."""
        self._python(_MAKE)

    def take_key(self, of: Place) -> None:
        """Have nothing but the root key of another."""
        (self.folder / "place").mkdir(parents=True)
        shutil.copy(of.folder / "place" / "root.key", self.folder / "place")

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command, as a host gives it; whatever it says is in `stdout`."""
        return subprocess.run(
            [BESIDE, *words],
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def sees(self) -> dict[str, object]:
        """Who sees what, and whether each photograph opens."""
        said: dict[str, object] = json.loads(self._python(_SEES))
        return said

    def _python(self, what: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", what],
            cwd=ROOT,
            env=self.environment(),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout
