"""Moves a place again and again, each time cut off at another step, and says what was wrong.

    python -m tests.postgresql.killed_moves killed /tmp/folder '{"rows": true, "store": "", "keyring": "elsewhere"}'

The environment says what it moves from. With "rows" they move to the other kind of database; "store" and "keyring" are where
those go, if they are named: a bucket has a folder of its own in each run. Each run is a child forked from this process.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
import traceback
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any
from uuid import UUID

import django

django.setup()

from click.testing import CliRunner  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from beside.cli import move as command  # noqa: E402
from beside.cli.moving import epoch_keys, files, left, sources, targets  # noqa: E402
from beside.cli.moving import move as moving  # noqa: E402
from beside.cli.moving.progress import Progress  # noqa: E402
from beside.cli.tables.databases import opened  # noqa: E402
from beside.cli.tables.layout import layout_of  # noqa: E402
from beside.cli.tables.sums import sums_of  # noqa: E402
from beside.config.env import Env  # noqa: E402
from beside.photos.models import KeyEpoch  # noqa: E402
from beside.photos.place_models import PlaceRecord  # noqa: E402
from beside.photos.vault.epoch import EpochFile  # noqa: E402
from beside.photos.vault.slots import slots_at  # noqa: E402
from beside.photos.vault.store import store_at  # noqa: E402
from tests.cli import databases  # noqa: E402
from tests.crash import scenario  # noqa: E402
from tests.crash.folder import Folder  # noqa: E402

IS_SQLITE = connection.vendor == "sqlite"
SOURCE = sources.SQLiteSource if IS_SQLITE else sources.PostgreSQLSource
# Each step, by whose it is; the process is killed before it and after it.
ROWS = ((targets, "fill"),)
FILES = ((files, "carry_all"), (moving.posts, "drop_arriving"), (files, "carry_rest"))
PLACES = ((left, "leave_places"),)
KEYS = ((epoch_keys, "write"),)
STEPS = (
    (Progress, "switch"),
    (SOURCE, "set_aside"),
    (epoch_keys, "require_all_open"),
    (Progress, "hand_over"),
)
# From here on the place is in force where it goes, and an error is one of tidying up.
SAME_ROWS = ((SOURCE, "put_back"),)
ENDING = ((moving.Move, "_finish"),)
KEYS_END = ((epoch_keys, "end"),)
LAST = ((Progress, "forget"),)
IN_FORCE = ("put_back", "_finish", "end", "forget")
KILLED = 9


class Moves:
    """The place as it was made, and the ways to cut a move of it off."""

    def __init__(self, folder: Path, *, rows: bool, store: str, keyring: str) -> None:
        self._rows, self._store, self._keyring = rows, store, keyring
        self._folder = Folder(folder)
        self._here: Env = settings.BESIDE
        self._tables, self._generation, self._files, self._slots = _apart(self._make)
        self._folder.keep()
        self._name = str(connection.settings_dict["NAME"])
        self._as_made = "" if IS_SQLITE else databases.make(like=self._name)
        self._run_number = 0

    def _make(self) -> tuple[dict[str, object], KeyEpoch, dict[UUID, bytes], dict[str, bytes]]:
        """Make it, and say what it has."""
        scenario.make()
        source, slots = store_at(self._here.store_place), slots_at(self._here.keyring_place)
        return (
            self._sums(connection),
            KeyEpoch.objects.get(),
            {blob: source.get(blob) for blob, _ in source.ids()},
            {name: slots.read(name).data for name in slots.names()},
        )

    def killed(self) -> list[str]:
        """Kill it before and after each step, and give the command again."""
        return self._each(_kill)

    def broken(self) -> list[str]:
        """Have each step fail before or after it, and give the command again."""
        return self._each(_fail)

    def _steps(self) -> list[tuple[object, str]]:
        return [
            *(FILES if self._store else ()),
            *(ROWS if self._rows else ()),
            *STEPS[:1],
            *(PLACES if self._store or self._keyring else ()),
            *STEPS[1:2],
            *(KEYS if self._keyring else ()),
            *STEPS[2:],
            *(() if self._rows else SAME_ROWS),
            *ENDING,
            *(KEYS_END if self._keyring else ()),
            *LAST,
        ]

    def _each(self, cut: Callable[[], None]) -> list[str]:
        wrong = []
        for owner, step in self._steps():
            # After these there is nothing left to go on with.
            for when in ("before",) if step in ("_finish", "forget") else ("before", "after"):
                found = self._cut_off(owner, step, when, cut)
                wrong += [f"{when} {step}: {line}" for line in found]
        return wrong

    def _cut_off(self, owner: object, step: str, when: str, cut: Callable[[], None]) -> list[str]:
        self._put_back()
        self._run_number += 1
        words = self._words()
        there = self._there(words)
        self._wait()
        ended = _forked(lambda: self._run(words, lambda: _patch(owner, step, when, cut)))
        wrong = [] if ended == (KILLED if cut is _kill else 1) else [f"it ended with {ended}"]
        wrong += _apart(lambda: self._served_twice(there))
        is_here = _apart(lambda: self._may_be_served(self._here))
        if cut is _fail and step not in IN_FORCE and not is_here:
            wrong.append("an error left the place away")
        if not IS_SQLITE:
            # As where the container is gone in which it was cut off.
            (settings.BESIDE.data / "moving").unlink(missing_ok=True)
        self._wait()
        if (again := _forked(lambda: self._run(words, lambda: None))) != 0:
            wrong.append(f"the same command ended with {again}")
        return wrong + _apart(lambda: self._faults(there))

    def _wait(self) -> None:
        """Whoever was killed may still seem to be connected."""
        if not IS_SQLITE:
            connection.close()
            databases.wait_until_unused(self._name)

    def _words(self) -> list[str]:
        words = ["--json"]
        if self._rows:
            to = "sqlite" if not IS_SQLITE else databases.url(databases.make())
            words += ["--to", to]
        for option, where in (("--store", self._store), ("--keyring", self._keyring)):
            if where:
                is_bucket = "://" in where
                words += [option, f"{where}/{self._run_number}" if is_bucket else where]
        return words

    def _there(self, words: list[str]) -> Env:
        said = dict(zip(words[1::2], words[2::2], strict=True))
        wanted = {name: getattr(self._here, name) for name in self._here.model_fields_set}
        if to := said.get("--to"):
            wanted["database_url"] = "" if to == "sqlite" else to
        for name in ("store", "keyring"):
            if where := said.get(f"--{name}"):
                wanted[name] = "" if where == "folder" else where
        return Env.model_validate(wanted)

    def _served_twice(self, there: Env) -> list[str]:
        """By the old settings and the new ones; or by the old ones while a copy of the key is elsewhere."""
        if not self._may_be_served(self._here):
            return []
        wrong = []
        if (self._rows or self._keyring) and self._may_be_served(there):
            wrong.append("two places could be served")
        if self._keyring and slots_at(there.keyring_place).names():
            wrong.append("a copy of the key is where it may go out of date")
        return wrong

    def _may_be_served(self, env: Env) -> bool:
        """Whether nothing would keep a server with these settings from showing photographs."""
        is_ours = env.database_url == self._here.database_url
        if is_ours and _source().is_aside():
            return False
        target = targets.target_of(_to(env), env.data)
        if not is_ours and not target.has_tables():
            return False
        address = connection.settings_dict
        with opened(address, alias="ours") if is_ours else target.looked_at() as rows:
            gone = left.places_left(rows.alias)
        if {left.store_name(env), left.keyring_name(env)} & gone:
            return False
        slots = slots_at(env.keyring_place)
        epochs = EpochFile(slots, settings.ROOT_KEY, self._generation.instance)
        return epochs.newest() == self._generation.generation

    def _faults(self, there: Env) -> list[str]:
        wrong = [] if self._may_be_served(there) else ["it isn't there"]
        if self._may_be_served(self._here):
            wrong.append("it is still here")
        if self._rows:
            with targets.target_of(_to(there), there.data).looked_at() as arrived:
                tables = self._sums(arrived)
        else:
            tables = self._sums(connection)
        wrong += [f"{name} differs" for name in tables if tables[name] != self._tables[name]]
        store = store_at(there.store_place)
        wrong += [
            f"{blob} differs" for blob, data in self._files.items() if store.get(blob) != data
        ]
        if self._keyring:
            if slots_at(self._here.keyring_place).names():
                wrong.append("the old keyring has slots")
            if len(slots_at(there.keyring_place).names()) != len(self._slots):
                wrong.append("the new keyring isn't whole")
        data = settings.BESIDE.data
        return wrong + [
            f"{path.name} is left" for path in (*data.glob("moving"), *data.glob("arr*"))
        ]

    def _put_back(self) -> None:
        self._folder.put_back()
        _apart(self._put_slots_back)
        if not IS_SQLITE:
            connection.close()
            databases.drop(self._name)
            databases.make(like=self._as_made, name=self._name)

    def _put_slots_back(self) -> None:
        slots = slots_at(self._here.keyring_place)
        for name in slots.names():
            if (held := slots.read(name)) is not None:
                slots.remove(name, held=held)
        for name, data in self._slots.items():
            slots.write(name, data, over=None)

    def _sums(self, rows: object) -> dict[str, object]:
        """But for the row that says what was left."""
        sums = sums_of(layout_of(rows), rows)
        del sums[PlaceRecord._meta.db_table]
        return sums

    def _run(self, words: list[str], patch: Callable[[], None]) -> int:
        patch()
        ran = CliRunner().invoke(command.command, words)
        if ran.exit_code not in (0, KILLED) and "Error: cut" not in ran.output:
            print(ran.output, ran.exception, file=sys.stderr)
        return ran.exit_code


def _source() -> sources.Source:
    return sources.source_of(settings.BESIDE.data)


def _to(env: Env) -> str:
    return env.database_url.get_secret_value() or "sqlite"


def _patch(owner: object, step: str, when: str, cut: Callable[[], None]) -> None:
    done = getattr(owner, step)

    @wraps(done)
    def instead(*how, **more):
        # Once: what puts everything back does some of it again.
        setattr(owner, step, done)
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


def _apart(act: Callable[[], Any]) -> Any:
    """Do it in a child, and return what it returns: a process that has reached a bucket has threads, and none may fork."""
    reading, writing = os.pipe()

    connection.close()
    child = os.fork()
    if child == 0:
        try:
            with open(writing, "wb") as said:
                pickle.dump(act(), said)
        except Exception:  # noqa: BLE001  (whatever it is, it is printed, and the parent fails)
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading, "rb") as said:
        told = pickle.load(said)
    os.waitpid(child, 0)
    return told


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
    _module, how, where, what = sys.argv
    print(json.dumps(getattr(Moves(Path(where), **json.loads(what)), how)()))
