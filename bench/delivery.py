"""A photograph's whole path (session, rule, decryption) beside nginx and beside a plain Django view.

    python -m bench.delivery [--seconds 8]

Each server has one process on core 0, and the client (wrk) core 1, over loopback. nginx sends the
same photographs as plain files with sendfile; the Django view is `bench.plain_view`.
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
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from bench.reporting import Table

SIZES = {"30 KB": 30_000, "200 KB": 200_000, "1 MB": 1_000_000}
CONNECTIONS = 16
ROUNDS = 3


def main() -> int:
    """Measure, one server at a time, in turn, and keep each one's best round."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=8)
    seconds = parser.parse_args().seconds
    for tool in ("wrk", "nginx", "taskset"):
        if shutil.which(tool) is None:
            print(f"This needs {tool}. On Debian: apt install wrk nginx-light util-linux")
            return 1
    with tempfile.TemporaryDirectory(prefix="beside-bench-") as folder:
        place = _place(Path(folder))
        best = _measured(place, seconds)
    table = Table(
        "delivery", ["size", "server", "per second", "MB/s", "of nginx", "of Django view"]
    )
    for size, length in SIZES.items():
        for server in ("beside", "nginx", "django"):
            rate = best[size, server]
            table.add(
                size,
                server,
                round(rate),
                round(rate * length / 1e6),
                round(rate / best[size, "nginx"], 2),
                round(rate / best[size, "django"], 1),
            )
    table.finish()
    return 0


def _measured(place: dict[str, Any], seconds: int) -> dict[tuple[str, str], float]:
    best: dict[tuple[str, str], float] = {}
    for _ in range(ROUNDS):
        for server in (_beside, _nginx, _django):
            with server(place) as (name, port):
                for size in SIZES:
                    url = f"http://127.0.0.1:{port}{place['paths'][size, name]}"
                    rate = _rate(url, place["cookie"], seconds, expected=SIZES[size])
                    best[size, name] = max(best.get((size, name), 0), rate)
    return best


def _rate(url: str, cookie: str, seconds: int, *, expected: int) -> float:
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
    found = re.search(r"Requests/sec:\s+([\d.]+)", told)
    assert found, told
    return float(found[1])


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
def _beside(place: dict[str, Any]) -> Iterator[tuple[str, int]]:
    served = ["beside.config.rsgi:application", "--interface", "rsgi", "--http", "1", "--no-ws"]
    with _granian(served, "beside.config.settings") as port:
        yield "beside", port


@contextmanager
def _django(place: dict[str, Any]) -> Iterator[tuple[str, int]]:
    served = ["bench.plain_wsgi:application", "--interface", "wsgi", "--blocking-threads", "64"]
    with _granian(served, "bench.plain_settings") as port:
        yield "django", port


@contextmanager
def _granian(served: list[str], settings: str) -> Iterator[int]:
    port = _free_port()
    command = ["taskset", "-c", "0", sys.executable, "-m", "granian", *served]
    command += ["--port", str(port), "--workers", "1", "--log-level", "warning"]
    with _running(command, port, os.environ | {"DJANGO_SETTINGS_MODULE": settings}):
        yield port


@contextmanager
def _nginx(place: dict[str, Any]) -> Iterator[tuple[str, int]]:
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
    ):
        yield "nginx", port


@contextmanager
def _running(command: list[str], port: int, environ: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(command, env=environ)
    try:
        _wait_for(port)
        yield
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
