"""What a host's script gives where its variable isn't set."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from beside.cli import backup, manage, move, restore, upgrade, verify
from beside.cli.backups.places import LastBackupGone


@pytest.mark.parametrize("empty", ["", " "])
@pytest.mark.parametrize(
    ("command", "words"),
    [
        (backup, ["EMPTY"]),
        (backup, ["DEST", "--keyring", "EMPTY"]),
        (verify, ["EMPTY"]),
        (verify, [".", "--keyring", "EMPTY"]),
        (restore, ["EMPTY"]),
        (restore, [".", "--keyring", "EMPTY"]),
        (restore, [".", "--snapshot", "EMPTY"]),
        (move, ["--keyring", "EMPTY", "--store", "s3://photographs"]),
        (move, ["--store", "EMPTY", "--to", "postgres://db/beside"]),
        (move, ["--to", "EMPTY", "--store", "s3://photographs"]),
        (upgrade, ["WHEEL", "EMPTY"]),
    ],
)
def test_no_command_takes_nothing_for_the_folder_that_it_is_run_in(
    tmp_path, monkeypatch, command, words, empty
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "WHEEL").touch()

    done = CliRunner().invoke(
        command.command, [empty if word == "EMPTY" else word for word in words]
    )

    assert done.exit_code == 2
    assert "It is empty" in done.output
    assert [file.name for file in tmp_path.iterdir()] == ["WHEEL"]


def test_no_command_of_djangos_prints_every_secret():
    done = CliRunner().invoke(manage.command, ["diffsettings"])

    assert done.exit_code == 1
    assert "beside settings" in done.output
    assert "SECRET_KEY" not in done.output


def test_where_the_last_backup_was_is_said_as_it_can_be_typed():
    assert "beside backup /mnt/other --new" in str(LastBackupGone("/mnt/other"))
