"""From one version to the next, and back.

Until the last step the version before goes on serving: a new version's migrations only add. Whatever goes wrong, the
version before is current at the end, unless it can't run on the new tables; that is said before anything is changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from beside.cli.process.version_numbers import is_at_least
from beside.cli.upgrades.installation import Installation
from beside.cli.upgrades.served_place import Refused, ServedPlace
from beside.cli.upgrades.wheel import Wheel

Say = Callable[[str], None]

# What a version says, from 0.2.0 on, of tables that it can't run on (`setup.NewerSchema`).
_NEWER = "used by a newer Beside"


class Stopped(Exception):
    """The upgrade didn't come to its end; the message says which version runs."""


class NoWayBack(Exception):
    """The version before couldn't run on the new tables."""

    def __init__(self, old: str, new: str) -> None:
        super().__init__(
            f"After this upgrade {old} can't run on the tables of {new}: there is no way back but restoring the backup, which"
            " loses what has come since. To upgrade all the same, add --no-way-back. Nothing has been changed."
        )


class NothingBefore(Exception):
    """There is no version to go back to."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"There is no version before this one in {folder}. Nothing has been changed."
        )


@dataclass(frozen=True, slots=True)
class Upgrade:
    """One upgrade of `place`, whose versions are in `installation`."""

    installation: Installation
    place: ServedPlace
    say: Say

    def to(self, wheel: Wheel, *, backup: str, may_be_one_way: bool) -> None:
        """Install, back up, migrate, switch and restart. Raises `Stopped`, `NoWayBack`, and what installing raises."""
        old, new = self._old(), wheel.version
        if is_at_least(old, new):
            raise Stopped(
                f"This is {old} already; {wheel.path.name} is {new}. Nothing has been changed."
            )
        self._install(wheel)
        one_way = self._is_one_way(old, new)
        if one_way and not may_be_one_way:
            raise NoWayBack(old, new)
        was_well = self.place.is_well(self.installation.program(old))
        self.say(f"Backing up to {backup} …")
        if self._back_up(old, new, backup):
            was_well = False
        self.say("Migrating …")
        try:
            self._must(new, "migrate", told=f"The backup is in {backup}.")
        except Stopped as failed:
            raise Stopped(f"{failed} {self._whether_runs(old)}") from None
        if was_well and not self.place.is_well(self.installation.program(new)):
            raise Stopped(
                f"The doctor of {new} finds something to mend that {old}'s did not:"
                f" {self.installation.program(new)} doctor says what. {self._whether_runs(old)}"
            )
        self._switch(old, new, one_way=one_way)

    def _whether_runs(self, old: str) -> str:
        """A sentence on whether `old` may run on the tables as they are now: even a migration that failed may have changed some."""
        refused = self._refusal(old)
        if not refused:
            return f"{old} still runs."
        if _NEWER in refused:
            return f"{old} can't start again on the tables as they are now."
        return f"Whether {old} can start again isn't known: {refused}"

    def _refusal(self, version: str) -> str:
        """Why that version can't run on the tables as they are now; empty where it can."""
        try:
            self.place.must(self.installation.program(version), "migrate", "--check")
        except Refused as refused:
            return str(refused)
        return ""

    def _back_up(self, old: str, new: str, backup: str) -> bool:
        """Back up, and say what this place has lost. Whether that is anything."""
        by, told = old, f"{old} still runs, and nothing has been changed."
        if _NEWER in self._refusal(old):
            by, told = (
                new,
                f"An upgrade was cut off before, and {old} can't start again on its tables.",
            )
        said = self._must(by, "backup", backup, told=told)
        lost = [line for line in said.splitlines() if line.startswith("✗")]
        for line in lost:
            self.say(line)
        return bool(lost)

    def back(self) -> None:
        """Let the version before run again. Raises `NothingBefore` and `Stopped`."""
        now, before = self._old(), self.installation.previous
        if before is None or before == now:
            raise NothingBefore(self.installation.folder)
        self._must(before, "migrate", "--check", told=f"{now} still runs.")
        self._switch(now, before, one_way=False)

    def _old(self) -> str:
        current = self.installation.current
        assert current is not None
        return current

    def _install(self, wheel: Wheel) -> None:
        if self.installation.is_whole(wheel.version):
            return
        self.say(f"Installing {wheel.version} …")
        wheel.install(self.installation.make_room(wheel.version))
        self.installation.remember_whole(wheel.version)

    def _is_one_way(self, old: str, new: str) -> bool:
        """Ask the new version, which only looks. Raises `Stopped` if the tables are newer than it is."""
        told = f"{old} still runs, and nothing has been changed."
        asked = json.loads(self._must(new, "migrate", "--check", "--json", told=told))
        return bool(asked["steps"]) and not is_at_least(old, asked["oldest"])

    def _switch(self, old: str, new: str, *, one_way: bool) -> None:
        self.installation.switch(new)
        if not self.place.restart:
            self.say(f"{new} is installed. Restart Beside now.")
            return
        self.say("Restarting …")
        if self.place.start_again(self.installation.program(new)):
            self.say(f"Beside is {new} now.")
            return
        if one_way:
            raise Stopped(
                f"{new} doesn't answer, and {old} can't run on its tables. Look into its log, or restore the backup with {old}."
            )
        self._switch_back(old, new)

    def _switch_back(self, old: str, new: str) -> None:
        self.installation.switch(old)
        answers = self.place.start_again(self.installation.program(old))
        now = (
            f"{old} runs again" if answers else f"{old} is current again, but doesn't answer either"
        )
        raise Stopped(f"{new} doesn't answer. {now}. Its log says why.")

    def _must(self, version: str, *words: str, told: str) -> str:
        try:
            return self.place.must(self.installation.program(version), *words)
        except Refused as refused:
            raise Stopped(f"{refused}\n{told}") from None
