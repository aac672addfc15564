"""A photograph's whole path (session, rule, decryption) beside nginx and beside a plain Django view.

    python -m bench.delivery [--seconds 2] [--rounds 7] [--servers beside wsgi] [--before PATH] [--postgresql]

Each server has one process on core 0, and the client (wrk) core 1, over loopback. nginx sends the
same photographs as plain files with sendfile; the Django view is `bench.plain_view`; "wsgi" is
Beside without its front, so that the front's cost is the difference; "least" and "least-alone" are the same two of
`bench.least`, which no version could be faster than that asks the rule; and "before" is the Beside in the checkout
at PATH. All are started once and asked by turns, a few seconds each, as whatever else the machine does comes and
goes: read the ratios, each of which is the median of those of one round. With --postgresql the rows are on a PostgreSQL of
its own, on whichever core.
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
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any
from urllib.request import Request, urlopen

from bench.reporting import Table
from beside.front.limits import Limits
from tests.postgres import Cluster
from tests.serving import free_port

SIZES = {"30 KB": 30_000, "200 KB": 200_000, "1 MB": 1_000_000}
CONNECTIONS = 16
Rounds = dict[tuple[str, str], list[float]]
Serving = Callable[[dict[str, Any]], AbstractContextManager[tuple[str, int, int]]]
SERVERS = ("beside", "before", "wsgi", "nginx", "django", "least", "least-alone")


def main() -> int:
    """Measure, one server at a time, in turn."""
    asked = _asked()
    for tool in ("wrk", "nginx", "taskset"):
        if not _found(tool):
            print(f"This needs {tool}. On Debian: apt install wrk nginx-light util-linux")
            return 1
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="beside-bench-")))
        if asked.postgresql:
            cluster = stack.enter_context(Cluster({}))
            os.environ["BESIDE_DATABASE_URL"] = cluster.make("place")
        rates, costs = _measured(place_in(folder), asked)
    name = "delivery-postgresql" if asked.postgresql else "delivery"
    columns = [
        "size",
        "server",
        "per second",
        "processor us",
        "processor of beside",
        "rate of beside",
    ]
    table = Table(name, columns)
    for size in SIZES:
        for server in asked.servers:
            table.add(
                size,
                server,
                round(median(rates[size, server])),
                round(median(costs[size, server]) * 1e6),
                _compared(costs, size, server),
                _compared(rates, size, server),
            )
    table.finish()
    return 0


def _found(tool: str) -> str:
    """Where a program is; Debian has nginx where only root looks."""
    return shutil.which(tool, path=f"{os.environ['PATH']}:/usr/sbin") or ""


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--before", type=Path)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--servers", nargs="*", choices=SERVERS)
    asked = parser.parse_args()
    without = set() if asked.before else {"before"}
    if asked.postgresql:
        without |= {"least", "least-alone"}
    asked.servers = asked.servers or [one for one in SERVERS if one not in without]
    return asked


def _compared(measured: Rounds, size: str, server: str) -> str:
    """How many times Beside's: the median of the rounds, and the least and most."""
    if not measured[size, "beside"]:
        return ""
    times = [
        theirs / ours
        for theirs, ours in zip(measured[size, server], measured[size, "beside"], strict=True)
    ]
    return f"{median(times):.2f} ({min(times):.2f} to {max(times):.2f})"


def _measured(place: dict[str, Any], asked: argparse.Namespace) -> tuple[Rounds, Rounds]:
    """Answers a second, and seconds of processor time for each, of each size and server in each round."""
    rates: Rounds = defaultdict(list)
    costs: Rounds = defaultdict(list)
    serving: dict[str, Serving] = {
        "beside": partial(beside, None),
        "before": partial(beside, asked.before),
        "wsgi": _wsgi,
        "nginx": _nginx,
        "django": _django,
        "least": _least,
        "least-alone": _least_alone,
    }
    with ExitStack() as stack:
        all_of_them = [(one, stack.enter_context(serving[one](place))) for one in asked.servers]
        # The first round warms them, and counts for nothing.
        for number in range(-1, asked.rounds):
            for server, (paths, port, pid) in all_of_them[:: -1 if number % 2 else 1]:
                for size in SIZES:
                    url = f"http://127.0.0.1:{port}{place['paths'][size, paths]}"
                    before = _processor_s(pid)
                    rate, answers = _rate(url, place["cookie"], asked.seconds, SIZES[size])
                    if number >= 0:
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


def place_in(folder: Path) -> dict[str, Any]:
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
def beside(source: Path | None, place: dict[str, Any]) -> Iterator[tuple[str, int, int]]:
    """Beside's server, of the checkout at `source` or of this one: which of the place's paths it takes, its port and its process."""
    served = ["beside.config.rsgi:application", "--interface", "rsgi", "--http", "1", "--no-ws"]
    with _granian(served, "beside.config.settings", source=source) as (port, pid):
        yield "beside", port, pid


@contextmanager
def _wsgi(place: dict[str, Any]) -> Iterator[tuple[str, int, int]]:
    threads = ["--blocking-threads", str(Limits().photograph_threads)]
    served = ["beside.config.wsgi:application", "--interface", "wsgi", *threads]
    with _granian(served, "beside.config.settings") as (port, pid):
        yield "beside", port, pid


@contextmanager
def _least(place: dict[str, Any]) -> Iterator[tuple[str, int, int]]:
    served = ["bench.least:application", "--interface", "rsgi", "--http", "1", "--no-ws"]
    with _granian(served, "beside.config.settings") as (port, pid):
        yield "beside", port, pid


@contextmanager
def _least_alone(place: dict[str, Any]) -> Iterator[tuple[str, int, int]]:
    threads = ["--blocking-threads", str(Limits().photograph_threads)]
    with _granian(
        ["bench.least:alone", "--interface", "wsgi", *threads], "beside.config.settings"
    ) as (port, pid):
        yield "beside", port, pid


@contextmanager
def _django(place: dict[str, Any]) -> Iterator[tuple[str, int, int]]:
    served = ["bench.plain_wsgi:application", "--interface", "wsgi", "--blocking-threads", "64"]
    with _granian(served, "bench.plain_settings") as (port, pid):
        yield "django", port, pid


@contextmanager
def _granian(
    served: list[str], settings: str, *, source: Path | None = None
) -> Iterator[tuple[int, int]]:
    port = free_port()
    command = ["taskset", "-c", "0", sys.executable, "-m", "granian", *served]
    command += ["--port", str(port), "--workers", "1", "--log-level", "warning"]
    environ = os.environ | {"DJANGO_SETTINGS_MODULE": settings}
    if source is not None:
        environ["PYTHONPATH"] = str(source / "src")
    with _running(command, port, environ) as pid:
        yield port, pid


@contextmanager
def _nginx(place: dict[str, Any]) -> Iterator[tuple[str, int, int]]:
    port, folder = free_port(), place["folder"]
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
        ["taskset", "-c", "0", _found("nginx"), "-c", str(configuration), *user],
        port,
        dict(os.environ),
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
        process.wait(60)


def _wait_for(port: int) -> None:
    for _ in range(900):
        with socket.socket() as knocking:
            if knocking.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(port)


if __name__ == "__main__":
    sys.exit(main())
