from __future__ import annotations

from beside.cli.process import supervisor
from beside.cli.process.restart_delay import RestartDelay


def test_what_dies_soon_is_waited_for_longer_each_time_and_never_given_up():
    delay, now, waits = RestartDelay(), 1000.0, []

    for _ in range(12):
        waits.append(delay.next_s(now=now))
        now += waits[-1]
        delay.started(now=now)
        now += 1

    assert waits[:4] == [0.5, 1.0, 2.0, 4.0]
    assert waits[-1] == waits[-2] == 30.0


def test_what_has_run_for_long_is_started_again_at_once():
    delay = RestartDelay()
    for _ in range(5):
        delay.next_s(now=0.0)
        delay.started(now=0.0)

    assert delay.next_s(now=61.0) == 0.5


def test_everything_ends_before_docker_would_kill_it():
    # Server and worker end at the same time, and what has to be killed ends at once: eight of ten seconds.
    assert supervisor.STOPPING_S + 4 <= 8
