"""The versions that are installed in one folder, and the link that says which of them runs.

`versions/0.2.0` is a virtual environment; `current` and `previous` are links to two of them.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from beside.cli.process.locks import locked_file

# Written last: an environment without it was cut off while it was made.
_WHOLE = "installed"


class NotInstalledSo(Exception):
    """This program isn't one of several versions beside each other."""

    def __init__(self, prefix: Path) -> None:
        super().__init__(
            f"Beside is in {prefix}, which isn't a folder of versions that could be exchanged. docs/hosting.md says, under"
            " Installing, how to make one. Nothing has been changed."
        )


class UpgradeBusy(Exception):
    """Another upgrade has the folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"Another upgrade is changing {folder}. Nothing has been changed by this one."
        )


@dataclass(frozen=True, slots=True)
class Installation:
    """A folder with `versions/`, and the link `current` to one of them."""

    folder: Path

    @classmethod
    def around(cls, prefix: Path) -> Installation:
        """The one that the environment `prefix` belongs to. Raises `NotInstalledSo`."""
        prefix = prefix.resolve()
        found = cls(prefix.parent.parent)
        if prefix.parent.name != "versions" or found.current is None:
            raise NotInstalledSo(prefix)
        return found

    @property
    def current(self) -> str | None:
        """The version that runs."""
        return self._linked("current")

    @property
    def previous(self) -> str | None:
        """The version that ran before it, if it is still there."""
        return self._linked("previous")

    def environment(self, version: str) -> Path:
        """Where a version is, or would be."""
        return self.folder / "versions" / version

    def program(self, version: str) -> Path:
        """Its command `beside`."""
        return self.environment(version) / "bin" / "beside"

    def is_whole(self, version: str) -> bool:
        """Whether it was installed to the end."""
        return (self.environment(version) / _WHOLE).exists()

    def make_room(self, version: str) -> Path:
        """Where to install it, without what an earlier try may have left there."""
        folder = self.environment(version)
        shutil.rmtree(folder, ignore_errors=True)
        return folder

    def remember_whole(self, version: str) -> None:
        """Record that it was installed to the end."""
        (self.environment(version) / _WHOLE).touch()

    def switch(self, version: str) -> None:
        """Let `version` be the current one, and the current one the previous."""
        if before := self.current:
            self._link("previous", before)
        self._link("current", version)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold the folder for one upgrade. Raises `UpgradeBusy`."""
        with locked_file(self.folder / ".lock", busy=UpgradeBusy(self.folder)):
            yield

    def _linked(self, name: str) -> str | None:
        link = self.folder / name
        return link.resolve().name if link.is_symlink() and link.exists() else None

    def _link(self, name: str, version: str) -> None:
        """In one step: whoever starts the program meanwhile finds one version or the other."""
        draft = self.folder / f".{name}"
        draft.unlink(missing_ok=True)
        draft.symlink_to(Path("versions") / version)
        draft.replace(self.folder / name)
