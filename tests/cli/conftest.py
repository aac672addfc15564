from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.db import connection

from beside.cli import main
from beside.photos import developing
from beside.photos.vault import keyring, store
from beside.photos.vault.root import open_root
from tests.cli import databases
from tests.cli.databases import ON_POSTGRESQL
from tests.crash import scenario
from tests.crash.folder import environment

_MAKE = "import django; django.setup(); from tests.crash import scenario; scenario.make()"


@dataclass(frozen=True)
class Made:
    """A place that tests take a copy of; `database` is empty where it lies in the folder."""

    folder: Path
    database: str


@pytest.fixture(scope="session")
def as_made(tmp_path_factory) -> Iterator[Made]:
    """A place of its own, with its own database: Rose's letter, which Nan may see, and a drawer."""
    folder = tmp_path_factory.mktemp("as-made")
    database = databases.make() if ON_POSTGRESQL else ""
    subprocess.run(
        [sys.executable, "-c", _MAKE],
        cwd=Path(__file__).parents[2],
        env=environment(folder, database=databases.url(database) if database else ""),
        check=True,
    )

    yield Made(folder / "place", database)

    if database:
        databases.drop(database)


class Move:
    """Makes this process one of another place's, its database included, until the test ends."""

    def __init__(self, settings, monkeypatch) -> None:
        self._settings = settings
        self._databases: dict[Path, str] = {}
        self._environ = monkeypatch

    def to(self, folder: Path, *, like: str = "template0") -> Path:
        data = folder / "data"
        self._settings.BESIDE = self._settings.BESIDE.model_copy(
            update={"data": data, "root_key_file": folder / "root.key"}
        )
        # The doctor reads the settings by itself.
        self._environ.setenv("BESIDE_DATA", str(data))
        self._environ.setenv("BESIDE_ROOT_KEY_FILE", str(folder / "root.key"))
        self._settings.ROOT_KEY = open_root(
            folder / "root.key", data_folder=data, may_make=not data.exists()
        )
        connection.close()
        connection.settings_dict["NAME"] = self._database(folder, like=like)
        forget()
        return folder

    def _database(self, folder: Path, *, like: str) -> str:
        if not ON_POSTGRESQL:
            return str(folder / "data" / "beside.sqlite3")
        if folder not in self._databases:
            self._databases[folder] = databases.make(like=like)
        return self._databases[folder]

    def end(self) -> None:
        connection.close()
        for name in self._databases.values():
            databases.drop(name)


def forget() -> None:
    keyring._keyring.cache_clear()
    store.store_at.cache_clear()


@contextmanager
def database_put_back() -> Iterator[None]:
    name = connection.settings_dict["NAME"]
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
        forget()


@pytest.fixture
def move(settings, django_db_blocker, monkeypatch) -> Iterator[Move]:
    monkeypatch.setattr(developing, "develop", developing.develop)
    scenario.without_darkroom()
    # Tests make their tables without migrations. A place has them, and its version is known by them.
    settings.MIGRATION_MODULES = {}
    move = Move(settings, monkeypatch)
    with django_db_blocker.unblock(), database_put_back():
        yield move
        move.end()


@pytest.fixture
def place(as_made: Made, tmp_path: Path, move: Move) -> Path:
    shutil.copytree(as_made.folder, tmp_path / "first")
    return move.to(tmp_path / "first", like=as_made.database)


@pytest.fixture
def elsewhere(place: Path, tmp_path: Path, move: Move) -> Callable[[], Path]:
    """Go to a new machine, which has nothing but the root key."""

    def go() -> Path:
        (tmp_path / "second").mkdir()
        shutil.copy(place / "root.key", tmp_path / "second")
        return move.to(tmp_path / "second")

    return go


@pytest.fixture
def beside() -> Callable[..., Result]:
    """Run a command as a host does, in this process."""

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, list(words))

    return run
