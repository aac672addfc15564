"""The server and its background worker, started and stopped together.

This process loads neither Django nor a key. It starts a worker, which prepares the place first, then the
server processes, and restarts either when it dies.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import click
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from beside.cli.process import application
from beside.cli.process.exposition import exposed
from beside.cli.process.prepared_version import MAY_NOT_RUN, was_prepared
from beside.cli.process.restart_delay import RestartDelay
from beside.cli.process.server import Server
from beside.config import logs
from beside.config.addresses import host_and_port
from beside.config.env import Env

# Server and worker end at the same time, each killed after so long: docker stop kills everything after ten seconds.
STOPPING_S = 4
# Also how long a connection may stay open between two requests.
HEADERS_MS = 30_000
HEADERS_BYTES = 64 * 1024
# Open files that one server process wants, and how many of them are never connections.
_DESCRIPTORS, _OWN_DESCRIPTORS = 16_384, 512


class NotPrepared(click.ClickException):
    """The worker ended before the place was ready, and has said why."""

    def __init__(self) -> None:
        super().__init__("Beside has not started.")


class Worker:
    """The background worker as a child process, restarted whenever it dies."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._child: subprocess.Popen[bytes]
        self._ready: int | None = None
        self._killed_at = 0.0
        self.has_given_up = False

    def start(self) -> None:
        """Start it. It prepares the place first, and says through a pipe when that is done."""
        self._ready, says_ready = os.pipe()
        try:
            self._child = _popen("--ready-fd", str(says_ready), pass_fds=(says_ready,))
        finally:
            os.close(says_ready)

    def wait_until_ready(self) -> None:
        """Return once the place is prepared. Raises `NotPrepared`."""
        assert self._ready is not None
        with os.fdopen(self._ready, "rb") as pipe:
            if not pipe.read(1):
                self._child.wait()
                raise NotPrepared
        self._ready = None

    def watch(self) -> None:
        """Restart it from a thread that lives as long as this process: Linux ends a child with the thread that started it."""
        threading.Thread(target=self._put_back, name="worker's watch", daemon=True).start()

    def ask_to_stop(self) -> None:
        """Tell it to end, once its photograph and its mail are done; `stop` waits for that."""
        if not self._stopping.is_set():
            self._stopping.set()
            self._killed_at = time.monotonic() + STOPPING_S
            self._child.terminate()

    def stop(self) -> None:
        """End it: with SIGTERM first, and with SIGKILL after `STOPPING_S`. Another worker goes on where it was."""
        self.ask_to_stop()
        try:
            self._child.wait(max(self._killed_at - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()

    def _put_back(self) -> None:
        if self._ready is not None and not self._is_prepared():
            return
        delay = RestartDelay()
        while True:
            if self._child.wait() == MAY_NOT_RUN:
                self._give_up()
                return
            if self._stopping.wait(delay.next_s(now=time.monotonic())):
                return
            delay.started(now=time.monotonic())
            self._child = _popen(pass_fds=())

    def _is_prepared(self) -> bool:
        """A place that can't be prepared can't be served."""
        try:
            self.wait_until_ready()
        except NotPrepared:
            self._give_up()
            return False
        return True

    def _give_up(self) -> None:
        """Stop the supervisor as its host would."""
        self.has_given_up = True
        os.kill(os.getpid(), signal.SIGTERM)


def supervise(env: Env, *, when_listening: Callable[[], None]) -> None:
    """Run until INT, TERM or HUP. `when_listening` is called once the port is open.

    A place on SQLite that this version has prepared before is served while it is checked again, which
    halves the time of a restart. Any other is prepared first: another machine may have migrated a PostgreSQL since, and a store may be
    another place's. From then on the worker asks every few seconds whether this version may still run, and where it may not, everything ends.
    """
    with exposed(env):
        _run(env, when_listening=when_listening)


def _run(env: Env, *, when_listening: Callable[[], None]) -> None:
    worker = Worker()
    worker.start()
    try:
        if env.database_url.get_secret_value() or not _is_quick(env):
            worker.wait_until_ready()
        worker.watch()
        server = _server(env, when_stopping=worker.ask_to_stop)
        server.on_startup(when_listening)
        server.serve(target_loader=application.load)
    finally:
        worker.stop()
    if worker.has_given_up:
        raise NotPrepared


def _is_quick(env: Env) -> bool:
    """Whether it was served by this version before, and no disk for its photographs alone looks as if it weren't mounted."""
    blobs = env.data / "blobs"
    is_mount_point = blobs.exists() and next(blobs.iterdir(), None) is None
    return not env.store and not is_mount_point and was_prepared(env.data)


def address(env: Env) -> tuple[str, int]:
    """The host and port to listen on; a bare port means this machine only."""
    return host_and_port(env.bind)


def _server(env: Env, *, when_stopping: Callable[[], None]) -> Server:
    # A forked child would share this process's threads' locks; a spawned one starts clean.
    multiprocessing.set_start_method("spawn", force=True)
    host, port = address(env)
    return Server(
        "beside.config.rsgi:application",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_MS, max_buffer_size=HEADERS_BYTES),
        workers=env.server_workers,
        backlog=4096,
        backpressure=_connections(),
        websockets=False,
        log_level=LogLevels.error,
        log_dictconfig=logs.of_server(env.log_format),
        respawn_interval=0.5,
        when_stopping=when_stopping,
        workers_kill_timeout=STOPPING_S,
    )


def _connections() -> int:
    """How many connections each server process may have open, after asking for as many files as it wants."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _DESCRIPTORS if hard == resource.RLIM_INFINITY else min(_DESCRIPTORS, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return max(wanted - _OWN_DESCRIPTORS, wanted // 2)


def _popen(*arguments: str, pass_fds: tuple[int, ...]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "beside.start", "worker", "--supervised", *arguments]
    return subprocess.Popen(command, pass_fds=pass_fds)  # noqa: S603
