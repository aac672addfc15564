from __future__ import annotations

import os
import signal
from datetime import timedelta
from threading import Event
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from beside.cli import worker
from beside.cli.process import chores as chores_
from beside.cli.process import developer
from beside.cli.process.chores import Chore, Chores
from beside.cli.process.developer import Developer
from beside.cli.process.restore_mark import RESTORING
from beside.cli.process.setup import NewerSchema, prepare, refuse_newer
from beside.cli.process.usable_place import RestoreCutOff
from beside.cli.settings import in_effect
from beside.people.models import Account
from beside.photos import developing, disk_full, heartbeat, reserve
from beside.photos.intake.darkrooms import NoDarkroom
from beside.photos.models import KeyEpoch, Photo
from beside.posts.models import Destruction
from tests.broken import Broken
from tests.crash import scenario
from tests.crash.scenario import AT
from tests.serving import until

HOUR = timedelta(hours=1)


class Executor:
    """What Django's would say of a place where `applied` has been applied."""

    def __init__(self, *applied: tuple[str, str]) -> None:
        self.loader = self
        self.disk_migrations = {("posts", "0001_initial"): object()}
        self.applied_migrations = dict.fromkeys(applied)
        self.replacements: dict[object, object] = {}


def test_a_newer_schema_is_refused_with_a_sentence():
    with pytest.raises(
        NewerSchema, match=r"newer Beside .posts.0002_the_door.*Nothing has been changed"
    ):
        refuse_newer(Executor(("posts", "0001_initial"), ("posts", "0002_the_door")))


def test_the_tables_of_this_version_and_of_other_apps_are_fine():
    refuse_newer(Executor(("posts", "0001_initial"), ("gone", "0007_app")))


def test_half_a_restore_is_no_place(place):
    (settings.BESIDE.data / RESTORING).touch()

    with pytest.raises(RestoreCutOff, match="restore again"):
        prepare()


@pytest.mark.thorough
def test_a_photograph_is_developed_while_a_chore_takes_long(place, monkeypatch):
    """A sweep of a large store takes many minutes, and whoever has just sent a photograph looks for it now."""
    photo = scenario.put_in(scenario.rose())
    found = []

    def take_long(_chores, *, at):
        until(lambda: Photo.objects.get(pk=photo.pk).state == Photo.State.READY)
        found.append(at)
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(Chores, "do", take_long)
    monkeypatch.setattr(worker, "_stop", lambda told: told.set())
    before = {number: signal.getsignal(number) for number in worker._ends_by()}

    worker._work(parent=None)

    for number, handler in before.items():
        signal.signal(number, handler)
    assert found


def test_a_round_beats(place):
    Chores(settings.BESIDE.data).do(at=AT)

    assert heartbeat.is_alive(settings.BESIDE.data, at=timezone.now())


def test_a_worker_that_hangs_over_a_photograph_is_heard_of_no_longer(place, monkeypatch):
    """The disk that the store is on may not answer, and then nothing is developed though the chores are done."""
    one, now = Developer(Event()), [0.0]
    monkeypatch.setattr(developer, "monotonic", lambda: now[0])
    chores = Chores(settings.BESIDE.data, is_stuck=one.hangs)

    def hang(_at):
        now[0] = developing.LEASE.total_seconds() + 1
        chores.do(at=AT)
        return True

    monkeypatch.setattr(developer.developing, "develop_next", hang)

    assert one.develop_one()
    assert not heartbeat.is_alive(settings.BESIDE.data, at=timezone.now())
    chores.do(at=AT + HOUR)
    assert heartbeat.is_alive(settings.BESIDE.data, at=timezone.now())


@pytest.mark.thorough
def test_a_round_carries_out_what_is_due(place):
    due = AT + timedelta(days=30)
    Destruction.objects.create(
        account=scenario.rose(), post=scenario.published(), asked_at=AT, due_at=due
    )
    round_ = Chores(settings.BESIDE.data)

    round_.do(at=due - HOUR)
    assert scenario.published() is not None

    round_.do(at=due)
    assert scenario.published() is None


def test_a_chore_that_has_to_wait_stops_no_other(place, monkeypatch):
    def full(_at):
        raise OperationalError("database or disk is full")

    done = []
    monkeypatch.setattr(chores_.destroying, "run_due", full)
    monkeypatch.setattr(chores_.leftovers, "purge", lambda: done.append("the last"))

    Chores(settings.BESIDE.data).do(at=AT)

    assert done == ["the last"]


@pytest.mark.parametrize("wrong", [OperationalError("database is locked"), NoDarkroom(), Broken()])
def test_a_photograph_whose_developing_fails_ends_no_worker(place, monkeypatch, wrong):
    def faulty(_at):
        raise wrong

    monkeypatch.setattr(developer.developing, "develop_next", faulty)

    assert not Developer(Event()).develop_one()


def test_a_chore_that_has_a_fault_stops_no_other(place, monkeypatch, caplog):
    def faulty(_at):
        raise Broken

    for module in (chores_.uploads, chores_.approvals, chores_.outbox):
        name = {"uploads": "expire", "outbox": "purge"}.get(module.__name__.rpartition(".")[2])
        monkeypatch.setattr(module, name or "run_due", faulty)
    due = AT + timedelta(days=30)
    Destruction.objects.create(
        account=scenario.rose(), post=scenario.published(), asked_at=AT, due_at=due
    )

    Chores(settings.BESIDE.data).do(at=due)

    assert scenario.published() is None
    assert [one.exc_info[0] for one in caplog.records if one.exc_info] == [Broken] * 3


@pytest.mark.parametrize("wrong", [NewerSchema(["posts.0009"]), Broken()])
def test_a_worker_that_may_not_run_or_cannot_know_it_ends(place, monkeypatch, wrong):
    def refuse():
        raise wrong

    monkeypatch.setattr(chores_, "require_may_run", refuse)

    with pytest.raises(type(wrong)):
        Chores(settings.BESIDE.data).do(at=AT)


def test_a_chore_is_due_at_first_each_time_and_when_the_clock_went_back():
    chore = Chore(lambda at: None, HOUR)
    assert chore.is_due(AT)

    chore.last = AT
    assert not chore.is_due(AT + HOUR / 2)
    assert chore.is_due(AT + HOUR)
    assert chore.is_due(AT - HOUR)


def test_a_worker_is_heard_of_for_three_minutes(tmp_path):
    assert not heartbeat.is_alive(tmp_path, at=AT)

    heartbeat.beat(tmp_path)
    last = heartbeat.last_beat(tmp_path)

    assert heartbeat.is_alive(tmp_path, at=last + timedelta(minutes=2))
    assert not heartbeat.is_alive(tmp_path, at=last + timedelta(minutes=4))


def test_a_worker_is_heard_of_before_the_first_server_is_asked(place):
    """Which would say of each new place that nobody has reported for three minutes."""
    ready, says_ready = os.pipe()

    worker._get_ready(says_ready, is_alone=False)

    os.close(ready)
    assert Client().get("/healthz").content == b"ready\n"


def test_a_beat_in_the_future_is_no_sign_of_life(tmp_path):
    heartbeat.beat(tmp_path)
    last = heartbeat.last_beat(tmp_path)

    assert heartbeat.is_alive(tmp_path, at=last - timedelta(minutes=2))
    assert not heartbeat.is_alive(tmp_path, at=last - timedelta(days=3000))


def test_health_says_that_the_disk_is_full(place, monkeypatch):
    heartbeat.beat(settings.BESIDE.data)
    monkeypatch.setattr(disk_full, "is_full", lambda data: True)

    answer = Client().get("/healthz")

    assert (answer.status_code, answer.content) == (507, b"the disk is full\n")


@pytest.mark.parametrize(("free", "says"), [(31 << 20, True), (33 << 20, False)])
def test_a_disk_is_full_when_little_more_than_the_reserve_would_fit(
    tmp_path, monkeypatch, free, says
):
    monkeypatch.setattr(reserve.shutil, "disk_usage", lambda _: SimpleNamespace(free=free))

    assert disk_full.is_full(tmp_path) is says


def test_health_is_said_and_nothing_else(place):
    heartbeat.beat(settings.BESIDE.data)

    answer = Client().get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ready\n")


def test_health_without_a_worker_takes_nobody_out(place):
    """All machines of a place share its workers: a balancer would be left without any."""
    answer = Client().get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ready, without a worker\n")


@pytest.mark.parametrize("host", ["node1:8000", "10.0.0.7:8000", "beside.internal", "no host!"])
def test_health_is_said_by_whatever_name_it_is_asked(place, host):
    heartbeat.beat(settings.BESIDE.data)

    answer = Client().get("/healthz", HTTP_HOST=host)

    assert (answer.status_code, answer.content) == (200, b"ready\n")


@pytest.mark.parametrize(
    "path", ["/", "/healthz/", "//healthz", "/metrics", "/account/sign-in/", "/p/healthz"]
)
def test_nothing_else_is_said_by_another_name_than_the_places_own(place, path):
    assert Client().get(path, HTTP_HOST="node1:8000").status_code == 400


def test_health_without_a_key_is_said_to_be_missing(place):
    heartbeat.beat(settings.BESIDE.data)
    KeyEpoch.objects.update(generation=7)

    answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (503, b"not ready\n")


def test_a_narrowing_on_a_full_disk_is_done_in_the_room_kept_aside(place):
    attempts = []

    @disk_full.with_reserve
    def narrow() -> str:
        attempts.append(None)
        if len(attempts) == 1:
            raise OperationalError("database or disk is full")
        return "done"

    assert narrow() == "done"
    assert not (settings.BESIDE.data / "reserve").exists()


def test_without_room_kept_aside_a_full_disk_says_so(place):
    (settings.BESIDE.data / "reserve").unlink()

    @disk_full.with_reserve
    def narrow() -> None:
        raise OperationalError("database or disk is full")

    with pytest.raises(OperationalError):
        narrow()


def test_room_is_kept_aside_once(tmp_path):
    reserve.set_aside(tmp_path)
    first = (tmp_path / "reserve").stat()

    reserve.set_aside(tmp_path)

    assert first.st_size == reserve.RESERVE_BYTES
    assert (tmp_path / "reserve").stat().st_ino == first.st_ino


def test_an_invitation_from_the_terminal_is_the_hosts(place, beside):
    assert "no host yet" in beside("invite", "Ines").output

    Account.objects.filter(pk=scenario.rose().pk).update(is_host=True)
    for words, says in (
        (("\u200b",), "between one and 80 characters"),
        (("n" * 81,), "between one and 80 characters"),
        (("Ines", "--email", "nowhere"), "isn't an e-mail address"),
        (
            ("Ines", "--email", f"ines@{'.'.join(['b' * 60] * 4)}.example.org"),
            "at most 254 characters",
        ),
    ):
        refused = beside("invite", *words)
        assert (refused.exit_code, says in refused.output) == (1, True)
    link = beside("invite", "Ines").output.strip()

    assert Client().get(link.removeprefix(settings.BESIDE.url)).status_code == 200


def test_settings_in_effect_show_no_secret():
    values = in_effect(
        {"BESIDE_SMTP_URL": "smtps://rose:secret@mail", "BESIDE_PLACE_NAME": "Lindholm"}
    )

    assert values["BESIDE_PLACE_NAME"] == "Lindholm"
    assert "secret" not in values["BESIDE_SMTP_URL"]


def test_a_worker_that_is_told_to_stop_finishes_and_ends_in_time_all_the_same(monkeypatch):
    timers = []

    class Timer:
        def __init__(self, *what) -> None:
            self.what = what

        def start(self) -> None:
            timers.append((*self.what, self.daemon))

    monkeypatch.setattr(worker, "Timer", Timer)
    told = Event()

    worker._stop(told)

    assert told.is_set()
    assert timers == [(worker.STOPPING_S, os._exit, (0,), True)]
    assert worker.STOPPING_S <= 8
