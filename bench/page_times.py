"""What the server takes to answer a page, beside another checkout in the same run.

    python -m bench.page_times [BEFORE] [--database sqlite|postgresql] [--rounds 12]

`BEFORE` is the folder of another checkout with a `.venv` of its own: the code before a change. Each checkout has a process and a
place of its own, with the same people and letters in it, and both are asked by turns. A page is asked through the whole
Django application, without a socket. "New" is its first request on a new connection to the database, which has to plan
and prepare everything anew; statements are counted on the connection itself.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from contextlib import ExitStack, nullcontext
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

from bench.reporting import Table

ROOT = Path(__file__).parents[1]
COLUMNS = ["page", "what", "now", "before", "of before", "goal"]
# Of what it was before.
GOALS = {"letter, folded": 0.5, "letter, open": 0.5, "person": 0.5, "home": 0.67}
# What is asked in one turn, and how much of it on a new connection.
AT_ONCE, NEW_AT_ONCE = 10, 2


class Asked:
    """One checkout's process, which answers how long pages took."""

    def __init__(self, checkout: Path, folder: Path, database: str) -> None:
        paths = f"{checkout / 'src'}{os.pathsep}{ROOT}"
        said = {
            "PYTHONPATH": paths,
            "BESIDE_DATA": str(folder / "data"),
            "BESIDE_ROOT_KEY_FILE": str(folder / "root.key"),
            "BESIDE_DATABASE_URL": database,
        }
        self._process = subprocess.Popen(
            # Without the program's own folder, whose `requests` is another than the library.
            [checkout / ".venv/bin/python", "-P", Path(__file__).with_name("page_times_place.py")],
            env=os.environ | said,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.pages: list[str] = self._told()
        self.took: dict[tuple[str, str], list[float]] = defaultdict(list)
        self.statements: dict[str, int | None] = {}

    def __enter__(self) -> Asked:
        return self

    def __exit__(self, *raised: object) -> None:
        self._process.communicate()

    def ask(self, page: str) -> None:
        """Some requests, on a connection that is warm and on new ones."""
        for what, times in (("new", NEW_AT_ONCE), ("warm", AT_ONCE)):
            found = self._tell([page, what, times])
            self.took[page, f"{what}, ms"] += found["took"]
            self.took[page, f"{what}, processor ms"] += found["processor"]
            self.statements[page] = found["statements"]

    def _tell(self, what: list[Any]) -> Any:
        assert self._process.stdin is not None
        print(json.dumps(what), file=self._process.stdin, flush=True)
        return self._told()

    def _told(self) -> Any:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("told "):
                return json.loads(line.removeprefix("told "))
        raise SystemExit("The process that is measured has ended.")


def main() -> int:
    """Measure by turns, print the table, and end with 1 where a goal is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("before", nargs="?", type=Path)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--rounds", type=int, default=12)
    options = parser.parse_args()
    on_sqlite = options.database == "sqlite"
    checkouts = [ROOT, *([options.before.resolve()] if options.before else [])]
    started = nullcontext() if on_sqlite else import_module("tests.postgres").Cluster({})
    with ExitStack() as stack:
        cluster = stack.enter_context(started)
        asked = []
        for number, checkout in enumerate(checkouts):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="beside-bench-")))
            database = cluster.make(f"beside{number}") if cluster else ""
            asked.append(stack.enter_context(Asked(checkout, folder, database)))
        for turn in range(options.rounds):
            for page in asked[0].pages:
                for one in asked[:: 1 if turn % 2 else -1]:
                    one.ask(page)
    return _tell(asked, "page_times" if on_sqlite else "page_times-postgresql")


def _tell(asked: list[Asked], name: str) -> int:
    table, missed, now = Table(name, COLUMNS), 0, asked[0]
    before = asked[1] if len(asked) > 1 else None
    for page in now.pages:
        if (counted := now.statements[page]) is not None:
            table.add(page, "statements", counted, _counted(before, page), "", "")
        for what in ("warm, ms", "warm, processor ms", "new, ms", "new, processor ms"):
            here = median(now.took[page, what])
            there = median(before.took[page, what]) if before else 0
            ratio = round(here / there, 3) if there else 0
            goal = GOALS[page] if what == "warm, ms" else 0
            missed += bool(ratio and goal and ratio > goal)
            table.add(page, what, round(here, 2), round(there, 2) or "", ratio or "", goal or "")
    table.finish()
    return 1 if missed else 0


def _counted(asked: Asked | None, page: str) -> int | str:
    counted = asked.statements[page] if asked else None
    return "" if counted is None else counted


if __name__ == "__main__":
    sys.exit(main())
