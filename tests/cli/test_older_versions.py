from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from beside.cli.process import older_versions, setup
from beside.cli.process.setup import NewerSchema, migrate

pytestmark = pytest.mark.thorough


def applied(app: str) -> list[str]:
    return sorted(name for label, name in recorder().applied_migrations() if label == app)


def recorder() -> MigrationRecorder:
    return MigrationRecorder(connection)


@pytest.fixture(autouse=True)
def _migrations(settings):
    """Other tests run without any, for speed."""
    settings.MIGRATION_MODULES = {}


@pytest.fixture
def later(place):
    """Tables on which a later version has been, which says of itself what `says` is."""

    def make(says: str | None) -> None:
        older_versions.allow_none()
        recorder().record_applied("posts", "0777_of_a_later_version")
        if says is not None:
            recorder().record_applied("beside", says)

    return make


def test_a_place_says_which_versions_may_run_on_its_tables(place):
    assert applied("beside") == [f"runs-from-{older_versions.OLDEST}"]


@pytest.mark.parametrize("says", ["runs-from-0.2.0", "runs-from-0.1.9", "runs-from-0.2"])
def test_a_version_that_a_later_one_lets_run_changes_nothing_there(later, says, monkeypatch):
    monkeypatch.setattr(setup, "version", lambda: "0.2.0")
    later(says)

    migrate()

    assert applied("beside") == [says]


@pytest.mark.parametrize(
    "says", [None, "runs-from-0.2.1", "runs-from-1.0", "runs-from-", "runs-from-0.x", "0.1.0rc1"]
)
def test_a_version_that_a_later_one_does_not_let_run_is_refused(later, says, monkeypatch):
    monkeypatch.setattr(setup, "version", lambda: "0.2.0")
    later(says)

    with pytest.raises(NewerSchema, match="Nothing has been changed"):
        migrate()


def test_what_is_said_twice_lets_run_whom_both_let_run(later, monkeypatch):
    monkeypatch.setattr(setup, "version", lambda: "0.2.0")
    later("runs-from-0.1.0")
    recorder().record_applied("beside", "runs-from-0.3.0")

    with pytest.raises(NewerSchema):
        migrate()


def test_nothing_is_said_while_tables_change(place, monkeypatch):
    during = []
    connection.ensure_connection()
    recorder().record_unapplied("thanks", "0001_initial")
    monkeypatch.setattr(setup, "call_command", lambda *_, **__: during.append(applied("beside")))

    migrate()

    assert during == [[]]
    assert applied("beside") == [f"runs-from-{older_versions.OLDEST}"]


def test_an_older_version_than_0_2_0_passes_over_what_is_said(place):
    """It looks only at apps that it has, as `refuse_newer` of 0.1.0 did."""
    assert "beside" not in {
        path.parent.name for path in setup.Path(setup.__file__).parents[2].glob("*/migrations")
    }


def test_what_there_is_to_migrate_is_said_and_left(place, beside):
    said = beside("migrate", "--check", "--json")

    assert said.exit_code == 0
    assert '"steps": 0' in said.output


def test_migrating_newer_tables_is_a_sentence(later, beside):
    later("runs-from-99.0")

    said = beside("migrate", "--check")

    assert said.exit_code == 1
    assert "newer Beside" in said.output
    assert "Traceback" not in said.output


@pytest.mark.parametrize(
    "words", [["worker"], ["host", "list"], ["backup", "/nowhere"], ["verify"], ["open", "--yes"]]
)
def test_no_command_works_on_tables_of_a_later_version_that_lets_only_newer_ones_run(
    later, beside, words
):
    later("runs-from-99.0")

    said = beside(*words)

    assert said.exit_code == 1
    assert "newer Beside" in said.output
    assert "Traceback" not in said.output


def test_commands_work_on_tables_of_a_later_version_that_lets_this_one_run(later, beside):
    later(f"runs-from-{older_versions.OLDEST}")

    assert beside("host", "list").exit_code == 0


def test_no_worker_works_on_tables_that_were_not_all_brought_up_to_date(place, beside):
    connection.ensure_connection()
    recorder().record_unapplied("thanks", "0001_initial")

    said = beside("worker")

    assert said.exit_code == 1
    assert "beside migrate" in said.output
