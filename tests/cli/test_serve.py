from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from beside.cli.serve import _how_to_look_around
from beside.config.process import end_with_parent
from tests.serving import BESIDE, PATIENCE_S, free_port, until

pytestmark = pytest.mark.thorough


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def environment(tmp_path, port) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BESIDE_")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    return kept | {
        "BESIDE_DATA": str(tmp_path / "data"),
        "BESIDE_ROOT_KEY_FILE": str(tmp_path / "root.key"),
        "BESIDE_BIND": f"127.0.0.1:{port}",
        "BESIDE_URL": f"http://localhost:{port}",
        "BESIDE_SERVER_WORKERS": "1",
    }


@pytest.fixture
def serve(environment, tmp_path) -> Iterator[Callable[..., subprocess.Popen]]:
    started = []

    def start(*words: str) -> subprocess.Popen:
        with (tmp_path / "message").open("wb") as said:
            server = subprocess.Popen(
                [BESIDE, "serve", *words],
                env=environment,
                stdout=said,
                stderr=said,
                preexec_fn=end_with_parent,
            )
        started.append(server)
        return server

    yield start
    for server in started:
        if server.poll() is None:
            server.terminate()
        try:
            server.wait(PATIENCE_S)
        finally:
            server.kill()


@pytest.fixture
def said(tmp_path) -> Callable[[], str]:
    return lambda: (tmp_path / "message").read_text("utf-8")


def is_well(port: int) -> bool:
    try:
        return urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).status == 200
    except (URLError, OSError):
        return False


def children(pid: int) -> list[int]:
    """Of any of its threads: each has a list of its own."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    found = []
    for listed in lists:
        with suppress(FileNotFoundError, ProcessLookupError):  # A thread that has ended meanwhile.
            found += [int(child) for child in listed.read_text("ascii").split()]
    return found


def is_gone(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    try:
        return "State:\tZ" in status.read_text("utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_the_first_start_makes_a_place_and_invites_its_host(serve, said, port, tmp_path):
    server = serve()
    until(lambda: is_well(port))

    link = until(lambda: re.search(rf"http://localhost:{port}(/join/\S+)", said()))
    page = urlopen(f"http://127.0.0.1:{port}{link[1]}", timeout=30)
    server.terminate()

    assert page.status == 200
    assert server.wait(PATIENCE_S) == 0
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    assert not (tmp_path / "data" / "new-place").exists()
    assert (tmp_path / "root.key").stat().st_mode & 0o777 == 0o400


def test_a_place_whose_keyring_is_gone_is_not_served(serve, said, port, tmp_path):
    server = serve()
    until(lambda: is_well(port))
    server.terminate()
    server.wait(PATIENCE_S)
    for slot in (tmp_path / "data" / "keyring").iterdir():
        slot.unlink()

    again = serve()

    assert again.wait(PATIENCE_S) == 1
    until(lambda: "isn't in the keyring" in said())
    assert "Traceback" not in said()


def test_a_data_folder_whose_disk_is_not_mounted_is_no_new_place(serve, said, port, tmp_path):
    (tmp_path / "root.key").write_bytes(bytes(32))
    (tmp_path / "data").mkdir()

    server = serve()

    assert server.wait(PATIENCE_S) == 1
    assert "Is its disk mounted?" in said()
    assert "Traceback" not in said()
    assert list((tmp_path / "data").iterdir()) == []

    (tmp_path / "data" / "new-place").touch()
    serve()
    until(lambda: is_well(port))
    assert not (tmp_path / "data" / "new-place").exists()


def test_no_new_root_key_is_made_for_rows_that_need_the_old_one(serve, said, port, tmp_path):
    server = serve()
    until(lambda: is_well(port))
    server.terminate()
    server.wait(PATIENCE_S)
    shutil.rmtree(tmp_path / "data" / "keyring")
    (tmp_path / "root.key").unlink()

    again = serve()

    assert again.wait(PATIENCE_S) == 1
    assert "The root key isn't at" in said()
    assert not (tmp_path / "root.key").exists()
    assert not (tmp_path / "data" / "new-place").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_nobody_is_left_behind_when_the_supervisor_is_killed(serve, port):
    server = serve()
    until(lambda: is_well(port))
    family = children(server.pid)

    server.kill()
    server.wait(PATIENCE_S)

    assert len(family) >= 2
    until(lambda: all(is_gone(pid) for pid in family))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_what_runs_in_a_terminal_ends_in_order_when_that_is_closed(serve, port, tmp_path):
    server = serve()
    until(lambda: is_well(port) and (tmp_path / "data" / "worker.heartbeat").exists())
    started = children(server.pid)

    for process in [*started, server.pid]:  # As a terminal does: everybody in it is told.
        os.kill(process, signal.SIGHUP)

    assert server.wait(PATIENCE_S) == 0
    assert all(is_gone(process) for process in started)


def test_server_processes_leave_what_their_terminal_says_to_the_server(serve, port):
    """From their first moment: Ctrl-C while they are loaded ends in no traceback."""
    server = serve()
    until(lambda: is_well(port))
    answering = [
        pid
        for pid in children(server.pid)
        if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]

    assert answering
    for pid in answering:
        said = Path(f"/proc/{pid}/status").read_text("ascii")
        blocked = int(re.search(r"SigBlk:\s+(\S+)", said)[1], 16)
        assert all(blocked & 1 << number - 1 for number in (signal.SIGINT, signal.SIGHUP))


def test_what_is_to_outlive_its_terminal_does(serve, port, tmp_path, monkeypatch):
    """nohup has its command ignore the signal."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        server = serve()
    finally:
        signal.signal(signal.SIGHUP, before)
    until(lambda: is_well(port) and (tmp_path / "data" / "worker.heartbeat").exists())
    started = children(server.pid)

    for process in [*started, server.pid]:
        os.kill(process, signal.SIGHUP)

    assert is_well(port)
    server.terminate()
    assert server.wait(PATIENCE_S) == 0


def test_a_worker_that_dies_is_put_back(serve, port):
    server = serve()
    until(lambda: is_well(port))
    before = until(lambda: worker_of(server.pid))

    os.kill(before, signal.SIGKILL)

    assert until(lambda: worker_of(server.pid) not in (0, before))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_server_process_that_dies_again_and_again_is_put_back_each_time(serve, port):
    server = serve()
    until(lambda: is_well(port))

    for _ in range(4):
        before = until(lambda: server_process_of(server.pid))
        os.kill(before, signal.SIGKILL)
        until(lambda before=before: server_process_of(server.pid) not in (0, before))

    until(lambda: is_well(port))
    assert server.poll() is None
    server.terminate()
    assert server.wait(PATIENCE_S) == 0


def test_a_place_that_is_served_slowly_and_is_given_something_ends_all_the_same(
    serve, port, tmp_path
):
    server = serve()
    until(lambda: is_well(port))
    family = children(server.pid)
    with ExitStack() as open_:
        slow = open_.enter_context(socket.create_connection(("127.0.0.1", port)))
        slow.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        reader = open_.enter_context(socket.create_connection(("127.0.0.1", port)))
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.sendall(b"GET /account/sign-in/ HTTP/1.1\r\nHost: localhost\r\n\r\n" * 40)
        giving = open_.enter_context(socket.create_connection(("127.0.0.1", port)))
        giving.sendall(
            b"POST /account/sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999\r\n\r\nhalf"
        )
        # A worker that takes no notice: it is stopped, as one is that waits for a disk.
        os.kill(until(lambda: worker_of(server.pid)), signal.SIGSTOP)
        server.terminate()
        assert server.wait(PATIENCE_S) == 0

    # A process that was killed may need a moment to go.
    until(lambda: all(is_gone(pid) for pid in family))


def test_the_greeting_names_a_command_that_is_there(monkeypatch, tmp_path):
    assert _how_to_look_around() == "make demo"

    monkeypatch.setattr("beside.cli.serve.__file__", str(tmp_path / "lib/beside/cli/serve.py"))

    assert _how_to_look_around() == "beside serve --demo"


def test_a_port_that_is_taken_is_said_to_be(environment, port):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        refused = subprocess.run(
            [BESIDE, "serve"], env=environment, capture_output=True, text=True, timeout=PATIENCE_S
        )

    assert refused.returncode == 1
    assert "BESIDE_BIND" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_an_unknown_setting_stops_the_start_with_a_sentence(environment):
    refused = subprocess.run(
        [BESIDE, "verify"],
        env=environment | {"BESIDE_COLOUR": "green"},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )

    assert refused.returncode == 1
    assert refused.stderr.startswith("Error: BESIDE_COLOUR is not a setting of Beside.")


def test_a_demonstration_listens_to_this_machine_only(environment):
    refused = subprocess.run(
        [BESIDE, "serve", "--demo"],
        env=environment
        | {"BESIDE_BIND": environment["BESIDE_BIND"].replace("127.0.0.1", "0.0.0.0")},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )

    assert refused.returncode == 1
    assert "this machine only" in refused.stderr


def command_of(pid: int) -> bytes:
    """Nothing where the process has ended meanwhile."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def server_process_of(pid: int) -> int:
    for child in children(pid):
        if b"spawn_main" in command_of(child) and not is_gone(child):
            return child
    return 0


def worker_of(pid: int) -> int:
    for child in children(pid):
        if b"worker" in command_of(child) and not is_gone(child):
            return child
    return 0
