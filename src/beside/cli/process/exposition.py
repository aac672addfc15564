"""Metrics, where the host's Prometheus fetches them: what all processes counted, and what only the place itself knows.

The supervisor serves them, because it is there while the others die and come back. It loads no Django for it.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from wsgiref.simple_server import WSGIServer

import click
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from beside.config.addresses import host_and_port
from beside.config.env import Env
from beside.moderation.last_runs import last_backup

# prometheus_client's own name for the folder that processes write their numbers to.
_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_LIVE = re.compile(r"gauge_live[a-z]*_(\d+)\.db")


class Place(Collector):
    """What the data folder tells: room, and how long ago a backup finished."""

    def __init__(self, data: Path, *, is_spare: bool = False) -> None:
        self._data, self._is_spare = data, is_spare

    def collect(self) -> Iterator[Metric]:
        if not self._is_spare:
            yield from self._room()
        if backup := last_backup(self._data):
            yield _gauge(
                "beside_backup_age_seconds", "Since the last backup finished.", _since(backup.at)
            )

    def _room(self) -> Iterator[Metric]:
        with suppress(OSError):
            disk = shutil.disk_usage(self._data)
            yield _gauge(
                "beside_disk_free_bytes", "Room where the photographs are kept.", disk.free
            )
            yield _gauge("beside_disk_size_bytes", "The size of that disk.", disk.total)


class Processes(Collector):
    """What the server processes and the worker counted. What waited in a process that died waits no more."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterator[Metric]:
        for file in self._folder.iterdir():
            of = _LIVE.fullmatch(file.name)
            if of and not _is_alive(int(of[1])):
                file.unlink(missing_ok=True)
        counted: Collector = MultiProcessCollector(None, path=str(self._folder))  # type: ignore[no-untyped-call]
        yield from counted.collect()


@contextmanager
def exposed(env: Env) -> Iterator[None]:
    """Serve the metrics while the block runs, if the host wants them. Processes started in it count for them."""
    if not env.metrics:
        yield
        return
    folder = Path(tempfile.mkdtemp(prefix="beside-metrics-"))
    os.environ[_FOLDER] = str(folder)
    try:
        server, thread = _serve(env, folder)
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
    finally:
        del os.environ[_FOLDER]
        shutil.rmtree(folder, ignore_errors=True)


def registry(env: Env, folder: Path) -> CollectorRegistry:
    """All that is told, and nothing of Python's or of the machine's."""
    told = CollectorRegistry()
    told.register(Processes(folder))
    told.register(Place(env.data, is_spare=env.is_data_spare))
    return told


def _serve(env: Env, folder: Path) -> tuple[WSGIServer, Thread]:
    host, port = host_and_port(env.metrics)
    try:
        return start_http_server(port, host, registry(env, folder))
    except OSError as refused:
        raise click.ClickException(
            f"The metrics can't be offered on {env.metrics} ({refused.strerror}). Set BESIDE_METRICS to another port."
        ) from None


def _gauge(name: str, says: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, says, value=value)


def _since(at: datetime) -> float:
    return (datetime.now(UTC) - at).total_seconds()


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
