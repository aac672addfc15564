from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier, Event

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from beside.cli import worker
from beside.cli.backups.closed_after_restore import closed_at, forget_closing, remember_closing
from beside.cli.process import chores, welcome
from beside.cli.process.chores import Chore
from beside.cli.process.developer import Developer
from beside.cli.process.one_machine import one_machine
from beside.cli.process.signs_of_life import signs_of_life
from beside.moderation import runs_of_place
from beside.moderation.last_runs import LastBackup, LastVerification
from beside.photos import chore_turns, developing, worker_beats
from beside.photos.chore_turns import Turn
from beside.photos.models import ChoreTurn, WorkerBeat
from beside.querysets import shared_clock
from tests.cast import NOW
from tests.serving import until

pytestmark = pytest.mark.django_db(transaction=True)

MINUTE = timedelta(minutes=1)


def test_a_chore_is_done_once_in_its_interval_however_many_workers_ask_at_once():
    for at in (NOW, NOW + MINUTE):
        together = Barrier(8)

        def ask(at=at, together=together) -> Turn | None:
            together.wait()
            try:
                return chore_turns.take("sweep", every=MINUTE, at=at)
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as workers:
            answers = [asking.result() for asking in [workers.submit(ask) for _ in range(8)]]

        (turn,) = filter(None, answers)
        chore_turns.end(turn)


def test_a_chore_is_not_done_again_by_a_worker_whose_clock_is_half_a_minute_behind():
    ahead, behind = NOW + MINUTE / 2, NOW - MINUTE / 2

    turn = chore_turns.take("sweep", every=MINUTE, at=ahead)
    chore_turns.end(turn)

    assert not chore_turns.take("sweep", every=MINUTE, at=behind)
    assert chore_turns.take("sweep", every=MINUTE, at=ahead + MINUTE)


def test_a_turn_that_was_taken_years_ahead_holds_up_nobody():
    chore_turns.take("sweep", every=MINUTE, at=NOW + timedelta(days=3000))

    assert chore_turns.take("sweep", every=MINUTE, at=NOW)


def test_a_chore_that_takes_longer_than_its_interval_is_begun_by_no_other_meanwhile():
    turn = chore_turns.take("sweep", every=MINUTE, at=NOW)
    for minutes in range(1, 30):
        assert not chore_turns.take("sweep", every=MINUTE, at=NOW + minutes * MINUTE)
        chore_turns.hold(turn, at=NOW + minutes * MINUTE)
    chore_turns.end(turn)

    assert chore_turns.take("sweep", every=MINUTE, at=NOW + 30 * MINUTE)


def test_a_turn_is_over_soon_after_the_worker_that_had_it():
    turn = chore_turns.take("sweep", every=MINUTE, at=NOW)
    chore_turns.hold(turn, at=NOW + 5 * MINUTE)

    last = NOW + 5 * MINUTE + chore_turns.HELD_FOR
    assert not chore_turns.take("sweep", every=MINUTE, at=last - MINUTE / 2)
    assert chore_turns.take("sweep", every=MINUTE, at=last)


def test_a_worker_that_lost_its_turn_neither_holds_nor_ends_that_of_another():
    lost = chore_turns.take("sweep", every=10 * MINUTE, at=NOW)
    later = NOW + 20 * MINUTE
    assert chore_turns.take("sweep", every=10 * MINUTE, at=later)

    chore_turns.hold(lost, at=later + timedelta(hours=1))
    chore_turns.end(lost)

    assert ChoreTurn.objects.get().next_at == later + 10 * MINUTE


def test_a_worker_says_during_a_long_chore_that_it_runs_and_keeps_its_turn(tmp_path, monkeypatch):
    monkeypatch.setattr(chores, "signs_of_life", partial(signs_of_life, every_s=0.01))
    began, seen = shared_clock.now() - timedelta(hours=1), []

    def long_one(_at) -> None:
        until(lambda: worker_beats.is_alive(tmp_path, at=shared_clock.now()))
        until(lambda: ChoreTurn.objects.get().next_at > shared_clock.now())
        seen.append(chore_turns.take("sweep", every=MINUTE, at=shared_clock.now()))

    Chore(long_one, MINUTE, "sweep").do(began, beat=lambda at: worker_beats.beat(tmp_path, at=at))

    assert seen == [None]
    assert chore_turns.take("sweep", every=MINUTE, at=shared_clock.now())


def test_a_chore_that_fails_leaves_its_turn_to_the_next_interval(tmp_path):
    def fails(_at) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Chore(fails, MINUTE, "sweep").do(NOW, beat=lambda at: worker_beats.beat(tmp_path, at=at))

    assert not chore_turns.take("sweep", every=MINUTE, at=NOW + MINUTE / 2)
    assert chore_turns.take("sweep", every=MINUTE, at=NOW + MINUTE)


def test_the_clock_of_the_place_is_the_databases_whatever_this_machines_says(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW - timedelta(days=3000))
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        first = cursor.fetchone()[0]

    assert first <= shared_clock.now() < first + MINUTE


def test_a_worker_begins_its_round_by_the_clock_of_the_place(monkeypatch):
    """What is due in thirty days isn't destroyed by a machine whose clock is a month ahead."""
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=3000))
    chores_, before = _Rounds(), shared_clock.now()

    worker._do_round(chores_)

    assert before <= chores_.at <= shared_clock.now()


def test_a_photograph_is_leased_by_the_clock_of_the_place(monkeypatch):
    """Or it would be taken from a worker on a machine whose clock is behind."""
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=3000))
    leased, before = [], shared_clock.now()
    monkeypatch.setattr(developing, "develop_next", lambda at: bool(leased.append(at)))

    Developer(Event()).develop_one()

    assert before <= leased[0] <= shared_clock.now()


def test_a_worker_whose_database_is_away_does_nothing_by_a_clock_of_its_own(monkeypatch, caplog):
    def away():
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(shared_clock, "now", away)
    chores_ = _Rounds()

    worker._do_round(chores_)

    assert not hasattr(chores_, "at")
    assert "has to wait" in caplog.text


class _Rounds:
    def do(self, *, at) -> None:
        self.at = at


def test_a_machine_whose_clock_is_ahead_hides_no_other_that_is_alive(tmp_path):
    ahead = NOW + timedelta(minutes=5)
    WorkerBeat.objects.create(machine="ahead", version="0", at=ahead)
    assert not worker_beats.is_alive(tmp_path, at=NOW)

    WorkerBeat.objects.create(machine="right", version="0", at=NOW - MINUTE)

    assert worker_beats.is_alive(tmp_path, at=NOW)


def test_a_beat_from_the_future_is_forgotten(tmp_path):
    WorkerBeat.objects.create(machine="was ahead", version="0", at=NOW + timedelta(days=3000))

    worker_beats.beat(tmp_path, at=NOW)

    assert WorkerBeat.objects.values_list("at", flat=True).get() == NOW


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
