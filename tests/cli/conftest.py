from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.db import connection

from beside.cli import main
from beside.photos import developing
from beside.photos.vault import keyring, store
from beside.photos.vault.root import open_root
from tests.crash import scenario
from tests.crash.folder import environment

_MAKE = "import django; django.setup(); from tests.crash import scenario; scenario.make()"


@pytest.fixture(scope="session")
def as_made(tmp_path_factory) -> Path:
    """A place of its own, with its own database: Rose's letter, which Nan may see, and a drawer."""
    folder = tmp_path_factory.mktemp("as-made")
    subprocess.run(
        [sys.executable, "-c", _MAKE],
        cwd=Path(__file__).parents[2],
        env=environment(folder),
        check=True,
    )
    return folder / "place"


class Move:
    """Makes this process one of another place's, its database included, until the test ends."""

    def __init__(self, settings) -> None:
        self._settings = settings

    def to(self, folder: Path) -> Path:
        data = folder / "data"
        self._settings.BESIDE = self._settings.BESIDE.model_copy(
            update={"data": data, "root_key_file": folder / "root.key"}
        )
        self._settings.ROOT_KEY = open_root(
            folder / "root.key", data_folder=data, may_make=not data.exists()
        )
        connection.close()
        connection.settings_dict["NAME"] = str(data / "beside.sqlite3")
        forget()
        return folder


def forget() -> None:
    keyring._keyring.cache_clear()
    store._store.cache_clear()


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
    with django_db_blocker.unblock(), database_put_back():
        yield Move(settings)


@pytest.fixture
def place(as_made: Path, tmp_path: Path, move: Move) -> Path:
    shutil.copytree(as_made, tmp_path / "first")
    return move.to(tmp_path / "first")


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
