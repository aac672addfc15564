from __future__ import annotations

import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from beside.photos.darkroom import server, wire
from beside.photos.intake import Limits, Refusal, Refused, darkrooms, develop, sandbox
from tests.data import make

LINUX = sys.platform.startswith("linux")
WALLS = ("open", "write", "connect", "run", "fork", "trace", "signal", "memory", "loader")
HOLD_EVERYWHERE = {"memory", "loader"}


@pytest.mark.parametrize("wall", WALLS)
def test_a_decoder_that_was_broken_into_is_kept_from(wall):
    if not LINUX and wall not in HOLD_EVERYWHERE:
        pytest.skip("only Linux has Landlock and seccomp")

    assert sandbox.holds(wall, Limits(wall_s=10))


@pytest.mark.parametrize("wall", ["open", "write", "connect", "run", "fork", "signal", "trace"])
def test_without_the_lock_the_same_attempt_goes_through(wall):
    program = (
        "import sys; from beside.photos.darkroom import drills; from beside.photos.darkroom.terms "
        "import Limits; sys.exit(drills.attempt(sys.argv[1], Limits()))"
    )
    with socket.create_server(("127.0.0.1", 0)) as listener:
        drill = f"connect:{listener.getsockname()[1]}" if wall == "connect" else wall
        attempt = subprocess.run([sys.executable, "-I", "-c", program, drill], check=False)

    assert attempt.returncode == 0


def test_the_host_is_told_of_every_wall():
    assert tuple(wall.name for wall in sandbox.report()) == WALLS


def test_a_hang_costs_one_photograph(developed):
    held = sandbox.holds("hang", Limits(wall_s=0.5))

    assert not held
    assert developed(make.jpeg()).notice is None


def test_a_crash_costs_one_photograph(developed):
    held = sandbox.holds("crash", Limits(wall_s=10))

    assert not held
    assert developed(make.jpeg()).notice is None


def test_a_darkroom_that_was_killed_is_replaced(developed):
    developed(make.jpeg())
    for darkroom in darkrooms._idle:
        os.kill(darkroom._process.pid, signal.SIGKILL)
        darkroom._process.wait()

    assert developed(make.jpeg()).notice is None


def test_a_child_that_never_answers_is_too_hard(monkeypatch):
    hang = wire.pack_order(Limits(wall_s=0.5), "hang")
    monkeypatch.setattr(wire, "pack_order", lambda _limits, **_: hang)

    with pytest.raises(Refused) as refused:
        develop(io.BytesIO(make.jpeg()), limits=Limits(wall_s=0.5))
    assert refused.value.refusal is Refusal.TOO_HARD


@pytest.mark.parametrize("how", ["SIGSEGV", "SIGKILL", "SIGSYS"])
def test_a_decoder_that_dies_says_nothing_against_the_photograph(monkeypatch, how):
    ending = server._ending(-signal.Signals[how].value)
    said = wire.frame(json.dumps(ending).encode())
    answer = io.BytesIO(said)
    monkeypatch.setattr(darkrooms.Line, "receive", lambda _self, size: answer.read(size))

    with pytest.raises(Refused) as refused:
        develop(io.BytesIO(b""), limits=Limits())
    assert refused.value.refusal is Refusal.NOT_YET
    assert how in refused.value.fault


def test_a_real_crash_is_told_from_the_photograph(monkeypatch):
    crash = wire.pack_order(Limits(wall_s=10), "crash")
    monkeypatch.setattr(wire, "pack_order", lambda _limits, **_: crash)

    with pytest.raises(Refused) as refused:
        develop(io.BytesIO(make.jpeg()), limits=Limits(wall_s=10))
    assert (refused.value.refusal, "SIGSEGV" in refused.value.fault) == (Refusal.NOT_YET, True)


def test_too_much_processor_time_is_the_photographs_own(refusal):
    assert refusal(make.noisy_png(), cpu_s=0) is Refusal.TOO_HARD


def test_what_the_vault_raises_while_it_reads_goes_through(developed):
    def read(size):
        raise LookupError(size)

    with pytest.raises(LookupError):
        develop(read, limits=Limits())
    assert developed(make.jpeg()).notice is None


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\xff\xff\xff\xff",
        b"\0\0\0\2{}",
        b"\0\0\0\5[1,2]",
        b'\0\0\0\x15{"refusal":"nothing"}',
        b'\0\0\0\x5e{"kind":"jpeg","width":1,"height":1,"notice":null,"peak_bytes":1,'
        b'"renditions":[["jpeg",1,1,9]]}<html></h>',
    ],
)
def test_nothing_that_a_broken_decoder_says_is_believed(monkeypatch, said):
    answer = io.BytesIO(said)
    monkeypatch.setattr(darkrooms.Line, "receive", lambda _self, size: answer.read(size))

    with pytest.raises(Refused) as refused:
        develop(io.BytesIO(b""), limits=Limits())
    assert refused.value.refusal is Refusal.NOT_YET


def is_soon(so: Callable[[], bool]) -> None:
    for _ in range(200):
        if so():
            return
        time.sleep(0.05)
    pytest.fail("it never became so")


@pytest.mark.thorough
@pytest.mark.skipif(not LINUX, reason="macOS has no /proc")
def test_a_darkroom_is_told_nothing_of_ours(developed, monkeypatch):
    monkeypatch.setenv("BESIDE_SECRET_MARKER", "not for a decoder")
    darkrooms.close_all()
    developed(make.jpeg())

    pid = darkrooms._idle[-1]._process.pid
    environment = Path(f"/proc/{pid}/environ").read_bytes()
    assert b"BESIDE" not in environment
    assert os.readlink(f"/proc/{pid}/cwd") == "/"
    assert len(os.listdir(f"/proc/{pid}/task")) == 1
    # One more for a moment, until the child that has answered has been waited for.
    is_soon(lambda: len(os.listdir(f"/proc/{pid}/fd")) == 4)


def test_no_django_is_in_the_darkroom():
    program = (
        "import sys, beside.photos.darkroom.server; "
        "sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    )
    loaded = subprocess.run([sys.executable, "-I", "-c", program], check=False)

    assert loaded.returncode == 0


def test_no_memory_of_ours_is_in_any_rendition(developed):
    pattern = os.urandom(16)
    memory = pattern * (1 << 20)
    photographs = [make.cut(make.noisy_jpeg(), 0.3), make.cut(make.noisy_png(), 0.3)]

    made = [each for data in photographs for each in developed(data).renditions]

    assert memory.startswith(pattern)
    assert not [each.name for each in made if pattern in each.data]
