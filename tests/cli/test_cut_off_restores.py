from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps

import pytest
from django.conf import settings
from django.db import OperationalError, connection

from beside.access.policy import NothingToSee, Sight, Viewer, see
from beside.cli.backups import closed_after_restore, restore, restored
from beside.cli.process import usable_place
from beside.cli.process.setup import prepare
from beside.cli.process.usable_place import RestoreCutOff
from beside.photos.models import Photo
from beside.photos.vault.keyring import KeyringWithoutDatabase, open_keyring
from beside.posts import indexed_texts
from tests.cli.conftest import forget
from tests.cli.databases import ON_POSTGRESQL
from tests.crash import scenario
from tests.crash.scenario import AT, nan

pytestmark = pytest.mark.thorough

KILLED = 9
# Each step, by whose it is.
BEFORE_ROWS_ARE_IN_FORCE = (
    (restored, "begin", "before"),
    (restore, "copy_all", "before"),
    (restore, "copy_all", "after"),
    (restore, "prepare_tables", "before"),
    (restore, "put_back", "before"),
    (restore, "put_back", "after"),
    (restored, "remember", "after"),
)
ONCE_THEY_ARE = ((restored, "end", "before"), (restored, "end", "after"))


@pytest.fixture
def backup(place, beside, tmp_path) -> str:
    assert beside("backup", str(tmp_path / "backup")).exit_code == 0
    return str(tmp_path / "backup")


def killed(owner: object, step: str, when: str, act: Callable[[], object]) -> None:
    """Do it in a child that ends before or after that step as by SIGKILL."""
    connection.close()
    child = os.fork()
    if not child:
        really = getattr(owner, step)

        @wraps(really)
        def instead(*args: object, **kwargs: object) -> object:
            if when == "after":
                really(*args, **kwargs)
            os._exit(KILLED)

        setattr(owner, step, instead)
        try:
            act()
        finally:
            os._exit(70)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == KILLED
    forget()


def nan_sees() -> Sight:
    try:
        return Sight(see(Viewer(nan().pk), scenario.published().pk, at=AT).sight)
    except NothingToSee:
        return Sight.NOTHING


def is_closed_until_opened(beside) -> bool:
    open_keyring()
    closed = nan_sees() == Sight.NOTHING
    opened = beside("open", "--yes").exit_code == 0
    return closed and opened and nan_sees() == Sight.VEIL and Photo.objects.count() == 3


def at_each(steps):
    """A test of each step, and of whether it was killed before or after it."""
    each = [pytest.param(*one, id=f"{one[2]} {one[1]}") for one in steps]
    return pytest.mark.parametrize(("owner", "step", "when"), each)


@at_each(BEFORE_ROWS_ARE_IN_FORCE)
def test_killed_before_its_rows_are_there_the_place_is_empty_and_the_same_command_goes_on(
    owner, step, when, backup, beside, elsewhere
):
    elsewhere()
    killed(owner, step, when, lambda: beside("restore", backup))

    if ON_POSTGRESQL:
        assert connection.introspection.table_names() == []
    if (owner, step, when) != (restored, "begin", "before"):
        with pytest.raises(RestoreCutOff):
            usable_place.require()
    again = beside("restore", backup)

    assert again.exit_code == 0, again.output
    assert is_closed_until_opened(beside)


@at_each(ONCE_THEY_ARE)
def test_killed_once_its_rows_are_there_the_place_is_closed_and_can_be_opened(
    owner, step, when, backup, beside, elsewhere
):
    elsewhere()
    killed(owner, step, when, lambda: beside("restore", backup))

    if ON_POSTGRESQL:
        # On any of its machines.
        assert closed_after_restore.closed_at(settings.BESIDE.data)
    again = beside("restore", backup)

    if (step, when) == ("end", "before"):
        assert again.exit_code == 0
        assert "every letter is closed" in again.output
    else:
        assert again.exit_code == 1
        assert "has come to its end already" in again.output
    usable_place.require()
    assert is_closed_until_opened(beside)


def test_what_cannot_be_indexed_undoes_no_restore(backup, beside, elsewhere, monkeypatch):
    def break_off() -> bool:
        raise OperationalError("cut")

    elsewhere()
    monkeypatch.setattr(indexed_texts, "catch_up", break_off)

    assert beside("restore", backup).exit_code == 0
    usable_place.require()
    assert is_closed_until_opened(beside)


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite commits to no other machine")
@pytest.mark.parametrize("arrived", [True, False])
def test_a_line_that_is_cut_at_the_commit_costs_no_file(
    arrived, backup, beside, elsewhere, monkeypatch
):
    """Whether it has arrived can't be told from what the line says."""
    data = elsewhere() / "data"
    really = connection._commit

    def cut() -> None:
        if (data / "restoring").exists():
            really() if arrived else connection._rollback()
            raise OperationalError("the line was cut")
        really()

    with monkeypatch.context() as cutting:
        cutting.setattr(connection, "_commit", cut)
        failed = beside("restore", backup)
    assert failed.exit_code == 1
    assert "the line was cut" in failed.output
    forget()

    again = beside("restore", backup)
    assert again.exit_code == 0, again.output
    assert is_closed_until_opened(beside)


@pytest.mark.skipif(not ON_POSTGRESQL, reason="only there is a keyring put back before its rows")
def test_no_machine_makes_tables_beside_a_keyring_that_a_cut_off_restore_has_put_back(
    backup, beside, elsewhere
):
    data = elsewhere() / "data"
    killed(restored, "remember", "before", lambda: beside("restore", backup))
    # As another machine finds it, whose keyring is the same.
    (data / "restoring").rename(data.parent / "restoring")

    with pytest.raises(KeyringWithoutDatabase):
        prepare()

    assert connection.introspection.table_names() == []
    (data.parent / "restoring").rename(data / "restoring")
    assert beside("restore", backup).exit_code == 0


def test_another_snapshot_is_not_said_to_be_restored(backup, beside, elsewhere):
    elsewhere()
    killed(restored, "end", "before", lambda: beside("restore", backup))

    another = beside("restore", backup, "--snapshot", "another")

    assert another.exit_code == 1
    if ON_POSTGRESQL:
        assert "has tables already" in another.output


def test_a_place_that_is_closed_says_so_in_its_rows_wherever_they_move(
    backup, beside, elsewhere, tmp_path
):
    elsewhere()
    assert beside("restore", backup).exit_code == 0

    (settings.BESIDE.data / "closed-by-restore").unlink(missing_ok=True)

    assert is_closed_until_opened(beside)
    assert beside("open", "--yes").exit_code == 1
