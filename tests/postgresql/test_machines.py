from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event

import pytest
from django.db import connection

from beside.cli.backups.closed_after_restore import closed_at, forget_closing, remember_closing
from beside.cli.process import welcome
from beside.cli.process.one_machine import one_machine
from beside.moderation import runs_of_place
from beside.moderation.last_runs import LastBackup, LastVerification
from beside.photos import chore_turns, worker_beats
from beside.photos.models import WorkerBeat
from tests.cast import NOW

pytestmark = pytest.mark.django_db(transaction=True)

MINUTE = timedelta(minutes=1)


def test_a_chore_is_done_once_in_its_interval_however_many_workers_ask_at_once():
    for at in (NOW, NOW + MINUTE):
        together = Barrier(8)

        def ask(at=at, together=together) -> bool:
            together.wait()
            try:
                return chore_turns.take("sweep", every=MINUTE, at=at)
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as workers:
            answers = [asking.result() for asking in [workers.submit(ask) for _ in range(8)]]

        assert answers.count(True) == 1


def test_a_chore_is_not_done_again_by_a_worker_whose_clock_is_half_a_minute_behind():
    ahead, behind = NOW + MINUTE / 2, NOW - MINUTE / 2

    assert chore_turns.take("sweep", every=MINUTE, at=ahead)
    assert not chore_turns.take("sweep", every=MINUTE, at=behind)
    assert chore_turns.take("sweep", every=MINUTE, at=ahead + MINUTE)


def test_a_turn_that_was_taken_years_ahead_holds_up_nobody():
    chore_turns.take("sweep", every=MINUTE, at=NOW + timedelta(days=3000))

    assert chore_turns.take("sweep", every=MINUTE, at=NOW)


def test_a_worker_on_another_machine_counts(tmp_path):
    assert not worker_beats.is_alive(tmp_path, at=NOW)

    WorkerBeat.objects.create(machine="elsewhere", version="0", at=NOW - timedelta(minutes=2))

    assert worker_beats.is_alive(tmp_path, at=NOW)
    assert not worker_beats.is_alive(tmp_path, at=NOW + timedelta(minutes=2))


def test_a_machine_that_is_gone_is_forgotten(tmp_path):
    WorkerBeat.objects.create(machine="elsewhere", version="0", at=NOW - timedelta(days=2))

    worker_beats.beat(tmp_path, at=NOW)

    assert WorkerBeat.objects.values_list("at", flat=True).get() == NOW


def test_of_machines_that_start_together_one_prints_a_link_for_the_host(capsys):
    welcome.say(at=NOW)
    first = capsys.readouterr().out
    welcome.say(at=NOW + MINUTE / 2)
    second = capsys.readouterr().out
    welcome.say(at=NOW + timedelta(hours=1))

    assert "/join/" in first
    assert "/join/" not in second
    assert "beside host link" in second
    assert "/join/" in capsys.readouterr().out


def test_one_machine_waits_until_another_has_prepared():
    began, goes_on, order = Event(), Event(), []

    def first() -> None:
        with one_machine():
            began.set()
            goes_on.wait()
            order.append("first")
        connection.close()

    def second() -> None:
        began.wait()
        with one_machine():
            order.append("second")
        connection.close()

    with ThreadPoolExecutor(2) as machines:
        both = [machines.submit(first), machines.submit(second)]
        began.wait()
        assert not order
        goes_on.set()
        for one in both:
            one.result()

    assert order == ["first", "second"]


def test_one_machine_lets_the_next_in_where_it_fails():
    with pytest.raises(ZeroDivisionError), one_machine():
        raise ZeroDivisionError
    with one_machine():
        pass


def test_what_one_machine_has_run_every_other_knows(tmp_path):
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    here.mkdir()
    backup, run = LastBackup(NOW, "/mnt/other-disk"), LastVerification(NOW, 12, 1)

    assert runs_of_place.last_backup(elsewhere) is None
    assert runs_of_place.last_verification(elsewhere) is None
    runs_of_place.remember(here, LastBackup(NOW - MINUTE, "/mnt/another"))
    runs_of_place.remember(here, backup)
    runs_of_place.remember_verification(here, run)

    assert runs_of_place.last_backup(elsewhere) == backup
    assert runs_of_place.last_verification(elsewhere) == run


def test_a_place_that_was_restored_on_one_machine_can_be_opened_on_another(tmp_path):
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    here.mkdir()
    elsewhere.mkdir()
    remember_closing(here, at=NOW)

    assert closed_at(elsewhere) == NOW
    forget_closing(elsewhere)
    assert closed_at(here) is None
