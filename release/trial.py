"""Trying a release as a host does: installed by itself, served, and asked for its pages."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.request import ProxyHandler, Request, build_opener

from beside.cli.upgrades.installation import Installation
from beside.cli.upgrades.wheel import Wheel

_STARTING_S = 120
_SHEET = re.compile(r'href="(/static/[^"]+\.css)"')
# A sentence of the sign-in page, in a language that only a compiled catalogue knows.
_IN_GERMAN = 'lang="de"'


class NotAsItShouldBe(Exception):
    """The release doesn't do what it should once it is installed."""


def try_out(path: Path) -> None:
    """Install `path` and serve a new place with it. Raises `NotAsItShouldBe`, and what installing raises."""
    wheel = Wheel.read(path)
    with tempfile.TemporaryDirectory(prefix="beside-release-") as scratch:
        installation = Installation(Path(scratch) / "opt")
        wheel.install(installation.make_room(wheel.version))
        installation.remember_whole(wheel.version)
        installation.switch(wheel.version)
        program = Path(scratch) / "opt" / "current" / "bin" / "beside"
        said = _run(program, "--version")
        _require(said.stdout.strip() == wheel.version, f"it says that it is {said.stdout!r}")
        _serve(program, Path(scratch))
        again = _run(program, "upgrade", str(path), scratch)
        _require("already" in again.stderr, f"an upgrade to itself says {again.stderr!r}")


def _serve(program: Path, scratch: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
    environ = _environment() | {
        "BESIDE_DATA": str(scratch / "data"),
        "BESIDE_ROOT_KEY_FILE": str(scratch / "root.key"),
        "BESIDE_BIND": place,
        "BESIDE_URL": f"http://{place}",
        "BESIDE_SERVER_WORKERS": "1",
    }
    with (scratch / "log").open("wb") as log:
        server = subprocess.Popen([program, "serve"], env=environ, stdout=log, stderr=log)  # noqa: S603
    try:
        _look(f"http://{place}", scratch / "log")
    finally:
        server.send_signal(signal.SIGTERM)
        ended = server.wait(_STARTING_S)
    _require(ended == 0, f"it ended with {ended}")


def _look(place: str, log: Path) -> None:
    ends = time.monotonic() + _STARTING_S
    while (health := _fetch(f"{place}/healthz")) is None:
        _require(time.monotonic() < ends, f"it doesn't come up: {log.read_text('utf-8')}")
        time.sleep(0.2)
    _require(health == b"ready\n", f"its health is {health!r}")
    page = (_fetch(f"{place}/account/sign-in/") or b"").decode()
    _require(_IN_GERMAN in page and "Anmelden" in page, "its pages aren't translated")
    sheet = _SHEET.search(page)
    _require(sheet is not None, "its pages have no style sheet")
    assert sheet is not None
    _require(bool(_fetch(place + sheet[1])), "its style sheet isn't there")


def _fetch(address: str) -> bytes | None:
    asked = Request(address, headers={"Accept-Language": "de"})  # noqa: S310
    try:
        with build_opener(ProxyHandler({})).open(asked, timeout=10) as answer:
            return bytes(answer.read())
    except OSError:
        return None


def _run(program: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [str(program), *words]
    return subprocess.run(  # noqa: S603
        command, env=_environment(), check=False, capture_output=True, text=True
    )


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("BESIDE_")}


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise NotAsItShouldBe(otherwise)
