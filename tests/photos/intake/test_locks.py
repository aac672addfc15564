from __future__ import annotations

import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from beside.cli.checks import darkroom
from beside.cli.checks.findings import How
from beside.photos.darkroom import seccomp, syscalls
from beside.photos.intake import Limits, darkrooms, sandbox
from tests.data import make

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux has Landlock and seccomp"
)
HEADERS = {
    0: Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    1: Path("/usr/include/asm-generic/unistd.h"),
}
BOTH, NEITHER = "", "landlock,seccomp"


@pytest.fixture
def machine_without(monkeypatch):
    """A machine whose kernel refuses the locks with these names."""

    def use(names: str) -> None:
        darkrooms.close_all()
        script = Path(__file__).with_name("without.py")
        monkeypatch.setattr(darkrooms, "COMMAND", [sys.executable, str(script), names])

    yield use
    darkrooms.close_all()


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("without", "left"),
    [
        (BOTH, {"landlock", "seccomp"}),
        ("landlock", {"seccomp"}),
        ("seccomp", {"landlock"}),
        (NEITHER, set()),
    ],
)
def test_it_is_known_which_locks_hold(machine_without, without, left):
    machine_without(without)

    assert set(sandbox.locks()) == left


@pytest.mark.parametrize("without", ["landlock", "seccomp"])
def test_with_one_lock_photographs_are_developed(machine_without, developed, without):
    machine_without(without)

    assert developed(make.jpeg()).notice is None
    assert sandbox.holds("open", Limits(wall_s=10))


@pytest.mark.thorough
def test_with_neither_lock_nothing_is_developed(machine_without, developed):
    machine_without(NEITHER)

    with pytest.raises(darkrooms.Unlocked):
        developed(make.jpeg())
    with pytest.raises(darkrooms.Unlocked):
        developed(make.noisy_jpeg() * 40)


@pytest.mark.thorough
def test_a_host_may_take_the_risk(machine_without, developed):
    machine_without(NEITHER)

    assert developed(make.jpeg(), may_be_unlocked=True).notice is None


@pytest.mark.parametrize("wall", ["open", "write", "connect", "fork"])
def test_no_wall_is_said_to_hold_where_there_is_no_lock(machine_without, wall):
    machine_without(NEITHER)

    assert not sandbox.holds(wall, Limits(wall_s=10))


def test_with_landlock_alone_the_host_is_told_of_what_it_does_not_cover(machine_without):
    machine_without("seccomp")

    assert not sandbox.holds("fork", Limits(wall_s=10))
    assert not sandbox.holds("connect", Limits(wall_s=10))  # it has no rule for datagrams


@pytest.mark.thorough
@pytest.mark.parametrize(("risk", "how"), [(False, How.WRONG), (True, How.NOTE)])
def test_the_doctor_says_that_nothing_is_developed(machine_without, settings, risk, how):
    machine_without(NEITHER)

    found = darkroom.look(settings.BESIDE.model_copy(update={"risk_unlocked_darkroom": risk}))

    assert found.how is how
    assert ("BESIDE_RISK_UNLOCKED_DARKROOM" in found.mend) is not risk


def test_a_connection_that_nobody_takes_is_not_called_refused():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        program = (
            "import sys; from beside.photos.darkroom import drills; from beside.photos.darkroom.terms"
            f" import Limits; sys.exit(drills.attempt('connect:{port}', Limits()))"
        )
        tried = subprocess.run([sys.executable, "-I", "-c", program], check=False)

    assert tried.returncode == 0


@pytest.mark.parametrize("processor", ["riscv64", "armv7l"])
def test_a_processor_that_is_not_known_has_no_filter(monkeypatch, processor):
    monkeypatch.setattr(seccomp.platform, "machine", lambda: processor)

    with pytest.raises(OSError, match="not implemented"):
        seccomp.restrict()


@pytest.mark.parametrize("column", HEADERS)
def test_the_numbers_are_the_kernels(column):
    if not HEADERS[column].exists():
        pytest.skip(f"{HEADERS[column]} is not installed")
    text = HEADERS[column].read_text("utf-8")
    defined = re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", text)
    numbers = {name: int(number) for name, number in defined}
    listed = {**syscalls.ALLOWED, **syscalls.FATAL}
    ours = {name: pair[column] for name, pair in listed.items() if pair[column] is not None}

    assert {name: numbers.get(name) for name in ours} == ours
