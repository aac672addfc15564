"""Moves a place again and again, each time cut off at another step, and says what was wrong.

    python -m tests.postgresql.killed_moves killed /tmp/folder

BESIDE_DATABASE_URL says what it moves from; it moves to the other kind. Each run is a child forked from this process.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path

import django

django.setup()

from click.testing import CliRunner  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from beside.cli import move as command  # noqa: E402
from beside.cli.moving import move as moving  # noqa: E402
from beside.cli.moving import sources, targets  # noqa: E402
from beside.cli.moving.progress import Progress  # noqa: E402
from beside.cli.tables.layout import layout_of  # noqa: E402
from beside.cli.tables.sums import sums_of  # noqa: E402
from tests.cli import databases  # noqa: E402
from tests.crash import scenario  # noqa: E402
from tests.crash.folder import Folder  # noqa: E402

IS_SQLITE = connection.vendor == "sqlite"
SOURCE = sources.SQLiteSource if IS_SQLITE else sources.PostgreSQLSource
# Each step, by whose it is; the process is killed before it and after it.
STEPS: tuple[tuple[object, str], ...] = (
    (targets, "fill"),
    (Progress, "switch"),
    (SOURCE, "set_aside"),
    (moving.keys, "require_all_open"),
    (moving.Move, "_finish"),
    (Progress, "forget"),
)
# From here on the new database is in force, and an error is one of tidying up.
IN_FORCE = ("_finish", "forget")
KILLED = 9


class Moves:
    """The place as it was made, and the ways to cut a move of it off."""

    def __init__(self, folder: Path) -> None:
        self._folder = Folder(folder)
        scenario.make()
        self._tables = sums_of(layout_of(connection), connection)
        connection.close()
        self._folder.keep()
        self._name = str(connection.settings_dict["NAME"])
        self._as_made = "" if IS_SQLITE else databases.make(like=self._name)

    def killed(self) -> list[str]:
        """Kill it before and after each step, and give the command again."""
        return self._each(_kill)

    def broken(self) -> list[str]:
        """Have each step fail before or after it, and give the command again."""
        return self._each(_fail)

    def _each(self, cut: Callable[[], None]) -> list[str]:
        wrong = []
        for owner, step in STEPS:
            # After these there is nothing left to go on with.
            for when in ("before",) if step in ("_finish", "forget") else ("before", "after"):
                found = self._cut_off(owner, step, when, cut)
                wrong += [f"{when} {step}: {line}" for line in found]
        return wrong

    def _cut_off(self, owner: object, step: str, when: str, cut: Callable[[], None]) -> list[str]:
        self._put_back()
        to = "sqlite" if not IS_SQLITE else databases.url(databases.make())
        ended = _forked(lambda: self._run(to, lambda: _patch(owner, step, when, cut)))
        wrong = [] if ended == (KILLED if cut is _kill else 1) else [f"it ended with {ended}"]
        here, there = (
            not _source().is_aside(),
            targets.target_of(to, settings.BESIDE.data).has_tables(),
        )
        if here and there:
            wrong.append("two places could be served")
        if cut is _fail and step not in IN_FORCE and not here:
            wrong.append("an error left the place away")
        if (again := _forked(lambda: self._run(to, lambda: None))) != 0:
            wrong.append(f"the same command ended with {again}")
        return wrong + self._faults(to)

    def _faults(self, to: str) -> list[str]:
        wrong = [] if _source().is_aside() else ["the old database isn't set aside"]
        with targets.target_of(to, settings.BESIDE.data).looked_at() as arrived:
            if sums_of(layout_of(arrived), arrived) != self._tables:
                wrong.append("a table differs")
        data = settings.BESIDE.data
        left = [*data.glob("moving"), *data.glob("arriving*")]
        return wrong + [f"{path.name} is left" for path in left]

    def _put_back(self) -> None:
        self._folder.put_back()
        if not IS_SQLITE:
            connection.close()
            databases.drop(self._name)
            databases.make(like=self._as_made, name=self._name)

    def _run(self, to: str, patch: Callable[[], None]) -> int:
        patch()
        ran = CliRunner().invoke(command.command, ["--to", to, "--json"])
        if ran.exit_code not in (0, KILLED) and "Error: cut" not in ran.output:
            print(ran.output, ran.exception, file=sys.stderr)
        return ran.exit_code


def _source() -> sources.Source:
    return sources.source_of(settings.BESIDE.data)


def _patch(owner: object, step: str, when: str, cut: Callable[[], None]) -> None:
    done = getattr(owner, step)

    @wraps(done)
    def instead(*how, **more):
        if when == "before":
            cut()
        what = done(*how, **more)
        if when == "after":
            cut()
        return what

    setattr(owner, step, instead)


def _kill() -> None:
    os._exit(KILLED)


def _fail() -> None:
    raise OSError("cut")


def _forked(act: Callable[[], int]) -> int:
    connection.close()
    child = os.fork()
    if child == 0:
        code = 70
        try:
            code = act()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    print(json.dumps(getattr(Moves(Path(sys.argv[2])), sys.argv[1])()))
