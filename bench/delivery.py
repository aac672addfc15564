"""A photograph's whole path (session, rule, decryption) beside nginx and beside a plain Django view.

    python -m bench.delivery [--seconds 8] [--rounds 3] [--servers beside wsgi]

Each server has one process on core 0, and the client (wrk) core 1, over loopback. nginx sends the
same photographs as plain files with sendfile; the Django view is `bench.plain_view`; and "wsgi" is
Beside without its front, so that the front's cost is the difference. The servers take turns.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any
from urllib.request import Request, urlopen

from bench.reporting import Table
from beside.front.limits import Limits

SIZES = {"30 KB": 30_000, "200 KB": 200_000, "1 MB": 1_000_000}
CONNECTIONS = 16
Rounds = dict[tuple[str, str], list[float]]
SERVERS = ("beside", "wsgi", "nginx", "django")


def main() -> int:
    """Measure, one server at a time, in turn, and keep each one's best round."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--servers", nargs="*", choices=SERVERS, default=list(SERVERS))
    asked = parser.parse_args()
    for tool in ("wrk", "nginx", "taskset"):
        if shutil.which(tool) is None:
            print(f"This needs {tool}. On Debian: apt install wrk nginx-light util-linux")
            return 1
    with tempfile.TemporaryDirectory(prefix="beside-bench-") as folder:
        place = _place(Path(folder))
        rates, costs = _measured(place, asked)
    columns = ["size", "server", "per second", "MB/s", "best of", "processor us", "of beside"]
    table = Table("delivery", columns)
    for size, length in SIZES.items():
        for server in asked.servers:
            best = max(rates[size, server])
            spent = [cost * 1e6 for cost in costs[size, server]]
            table.add(
                size,
                server,
                round(best),
                round(best * length / 1e6),
                asked.rounds,
                round(median(spent)),
                _compared(costs, size, server) if "beside" in asked.servers else "",
            )
    table.finish()
    return 0


def _compared(costs: Rounds, size: str, server: str) -> str:
    """How much of Beside's processor time: the median of the rounds, and the least and most."""
    times = [
        theirs / ours
        for theirs, ours in zip(costs[size, server], costs[size, "beside"], strict=True)
    ]
    return f"{median(times):.2f} ({min(times):.2f} to {max(times):.2f})"


def _measured(place: dict[str, Any], asked: argparse.Namespace) -> tuple[Rounds, Rounds]:
    """Answers a second, and seconds of processor time for each, of each size and server in each round."""
    rates: Rounds = defaultdict(list)
    costs: Rounds = defaultdict(list)
    serving = {"beside": _beside, "wsgi": _wsgi, "nginx": _nginx, "django": _django}
    for number in range(asked.rounds):
        # By turns in both directions, as whatever else the machine does comes and goes.
        for server in asked.servers[:: -1 if number % 2 else 1]:
            with serving[server](place) as (paths, port, pid):
                for size in SIZES:
                    url = f"http://127.0.0.1:{port}{place['paths'][size, paths]}"
                    before = _processor_s(pid)
                    rate, answers = _rate(url, place["cookie"], asked.seconds, SIZES[size])
                    rates[size, server].append(rate)
                    costs[size, server].append((_processor_s(pid) - before) / answers)
    return rates, costs


def _processor_s(pid: int) -> float:
    """The processor time of a process and its children so far."""
    children = Path(f"/proc/{pid}/task").glob("*/children")
    pids = [pid, *(int(child) for one in children for child in one.read_text("ascii").split())]
    spent = 0.0
    for one in pids:
        fields = Path(f"/proc/{one}/stat").read_text("ascii").rpartition(")")[2].split()
        spent += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return spent


def _rate(url: str, cookie: str, seconds: int, expected: int) -> tuple[float, int]:
    """How many answers came in a second, and in all."""
    with urlopen(Request(url, headers={"Cookie": cookie})) as answer:
        assert answer.status == 200
        assert len(answer.read()) == expected
    told = subprocess.run(
        [
            "taskset",
            "-c",
            "1",
            "wrk",
            "-t1",
            f"-c{CONNECTIONS}",
            f"-d{seconds}s",
            "-H",
            f"Cookie: {cookie}",
            url,
        ],
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    assert "Non-2xx" not in told, told
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    answers = re.search(r"(\d+) requests in", told)
    assert rate, told
    assert answers, told
    return float(rate[1]), int(answers[1])


def _place(folder: Path) -> dict[str, Any]:
    """A real place with one veiled letter, that its reader has chosen to look at."""
    os.environ |= {
        "BESIDE_DATA": str(folder / "data"),
        "BESIDE_ROOT_KEY_FILE": str(folder / "root.key"),
        "DJANGO_SETTINGS_MODULE": "beside.config.settings",
        "BENCH_PLAIN_FILES": str(folder / "plain"),
    }
    (folder / "plain").mkdir()
    import_module("django").setup()
    import_module("beside.cli.process.setup").prepare()
    made: dict[str, Any] = import_module("bench.photographs").make(SIZES, folder / "plain")
    return made | {"folder": folder}


@contextmanager
def _beside(place: dict[str, Any]) -> Iterator[tuple[str, int, int]]:
    served = ["beside.config.rsgi:application", "--interface", "rsgi", "--http", "1", "--no-ws"]
    with _granian(served, "beside.config.settings") as (port, pid):
        yield "beside", port, pid


@contextmanager
def _wsgi(place: dict[str, Any]) -> Iterator[tuple[str, int, int]]:
    threads = ["--blocking-threads", str(Limits().photograph_threads)]
    served = ["beside.config.wsgi:application", "--interface", "wsgi", *threads]
    with _granian(served, "beside.config.settings") as (port, pid):
        yield "beside", port, pid


@contextmanager
def _django(place: dict[str, Any]) -> Iterator[tuple[str, int, int]]:
    served = ["bench.plain_wsgi:application", "--interface", "wsgi", "--blocking-threads", "64"]
    with _granian(served, "bench.plain_settings") as (port, pid):
        yield "django", port, pid


@contextmanager
def _granian(served: list[str], settings: str) -> Iterator[tuple[int, int]]:
    port = _free_port()
    command = ["taskset", "-c", "0", sys.executable, "-m", "granian", *served]
    command += ["--port", str(port), "--workers", "1", "--log-level", "warning"]
    with _running(command, port, os.environ | {"DJANGO_SETTINGS_MODULE": settings}) as pid:
        yield port, pid


@contextmanager
def _nginx(place: dict[str, Any]) -> Iterator[tuple[str, int, int]]:
    port, folder = _free_port(), place["folder"]
    configuration = folder / "nginx.conf"
    configuration.write_text(
        f"""daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr crit;
        events {{ worker_connections 512; }}
        http {{ sendfile on; tcp_nopush on; access_log off; keepalive_requests 1000000;
        client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
        uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
        server {{ listen 127.0.0.1:{port}; root {folder}/plain; default_type image/avif; }} }}"""
    )
    folder.chmod(0o755)
    user = ["-g", "user root;"] if os.geteuid() == 0 else []
    with _running(
        ["taskset", "-c", "0", "nginx", "-c", str(configuration), *user], port, dict(os.environ)
    ) as pid:
        yield "nginx", port, pid


@contextmanager
def _running(command: list[str], port: int, environ: dict[str, str]) -> Iterator[int]:
    process = subprocess.Popen(command, env=environ)
    try:
        _wait_for(port)
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as knocking:
            if knocking.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(port)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(main())
