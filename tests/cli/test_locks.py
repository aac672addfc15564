from __future__ import annotations

import pytest

from beside.cli.process import setup
from beside.cli.process.locks import locked_file, locked_folder, waited_for


class Busy(Exception):
    pass


def test_one_process_holds_a_file_at_a_time(tmp_path):
    lock = tmp_path / "lock"
    with locked_file(lock, busy=Busy()), pytest.raises(Busy), locked_file(lock, busy=Busy()):
        pass

    with locked_file(lock, busy=Busy()):
        assert lock.stat().st_mode & 0o777 == 0o600


def test_one_process_holds_a_folder_at_a_time(tmp_path):
    with (
        locked_folder(tmp_path, busy=Busy()),
        pytest.raises(Busy),
        locked_folder(tmp_path, busy=Busy()),
    ):
        pass


def test_who_waits_for_a_file_keeps_others_out_of_it(tmp_path):
    lock = tmp_path / "lock"
    with waited_for(lock), pytest.raises(Busy), locked_file(lock, busy=Busy()):
        pass


def test_a_place_is_prepared_by_one_start_at_a_time(place, settings, monkeypatch):
    lock = settings.BESIDE.data / "starting.lock"

    def meanwhile():
        with pytest.raises(Busy), locked_file(lock, busy=Busy()):
            pass
        raise Busy

    monkeypatch.setattr(setup, "prepare_tables", meanwhile)
    with pytest.raises(Busy):
        setup.prepare()

    with locked_file(lock, busy=Busy()):
        pass


def test_a_folder_that_is_not_there_is_not_made(tmp_path):
    with pytest.raises(FileNotFoundError), locked_folder(tmp_path / "gone", busy=Busy()):
        pass

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("locked", [locked_file, locked_folder])
def test_what_would_wait_for_something_else_is_not_called_busy(locked, tmp_path):
    path = tmp_path / "lock" if locked is locked_file else tmp_path

    with pytest.raises(BlockingIOError), locked(path, busy=Busy()):
        raise BlockingIOError
