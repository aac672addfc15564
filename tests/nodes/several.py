"""Three nodes of one place: a server and a worker each, with a balancer in front and clocks that differ.

They share a PostgreSQL and an object store, and no folder. Each reaches either by a line of its own, which can be cut, and the store
through a proxy of its own, which can do wrong.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from typing import NamedTuple, NoReturn
from urllib.parse import urlencode, urlsplit

import pytest

from bench.start import environment
from beside.config.process import end_with_parent
from tests import objects
from tests.nodes.lines import Line
from tests.object_store.faulty import Faulty
from tests.objects import Objects
from tests.postgres import Cluster
from tests.serving import BESIDE, PATIENCE_S, free_port, running, until

# How far each node's clock is from the true one, in seconds.
CLOCKS = (0, 30, -30)
CSRF = "c" * 32
_FAKED = "/usr/lib/*/faketime/libfaketimeMT.so.1"
_BALANCER = Path(__file__).parents[2] / "deploy" / "several" / "haproxy.cfg"


class Answer:
    """The whole of one answer."""

    def __init__(self, answer: HTTPResponse) -> None:
        self.status, self.headers, self.body = answer.status, answer.headers, answer.read()


class Door:
    """A port at which the place answers."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(
        self,
        path: str,
        cookie: str = "",
        *,
        method: str = "GET",
        body: bytes | None = None,
        **headers: str,
    ) -> Answer:
        """One request on a connection of its own."""
        asking = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            asking.request(method, path, body, {"Host": "localhost", "Cookie": cookie, **said})
            return Answer(asking.getresponse())
        finally:
            asking.close()

    def post(self, path: str, cookie: str, **form: str) -> Answer:
        """Send a form as a browser that has seen it."""
        return self.ask(
            path,
            f"{cookie}; csrf={CSRF}",
            method="POST",
            body=urlencode({**form, "csrfmiddlewaretoken": CSRF}).encode(),
            Content_Type="application/x-www-form-urlencoded",
        )

    def is_well(self) -> bool:
        """Whether it can do its work, as a balancer asks."""
        try:
            return self.ask("/healthz").status == 200
        except (OSError, HTTPException):
            return False


class Reached(NamedTuple):
    """How one node reaches what all share: the database's line, the store's, and what the store's goes to."""

    database: Line
    store: Line
    faulty: Faulty


class Node(Door):
    """One machine of the place, as `beside serve` runs it. Its log is in its folder."""

    def __init__(self, folder: Path, environ: dict[str, str], reached: Reached) -> None:
        super().__init__(free_port())
        self.database, self.store, self.faulty = reached
        self.environ = environ | {"BESIDE_BIND": f"127.0.0.1:{self.port}"}
        self._log = folder / "log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; it needn't answer yet."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [BESIDE, "serve"],
                env=self.environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )

    def said(self) -> str:
        """All that it has logged."""
        return self._log.read_text("utf-8")

    def mend(self) -> None:
        """Let it reach everything again, and run if it has been killed."""
        self.faulty.be_honest()
        self.database.mend()
        self.store.mend()
        if self._process is not None and self._process.poll() is not None:
            self.start()

    def kill(self) -> None:
        """End all of its processes at once, as a power cut does."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """End it, whether or not it runs."""
        if self._process is not None and self._process.poll() is None:
            self.kill()


class Several:
    """All of it. `told` is what `tests.nodes.place` has said."""

    def __init__(self, parts: Parts, nodes: list[Node], balancer: Door) -> None:
        self.cluster, self.objects = parts
        self.nodes, self.balancer = nodes, balancer

    def wait_until_well(self) -> None:
        """Return once every node is well, and the balancer has seen it."""
        for door in (*self.nodes, self.balancer):
            until(door.is_well)


class Parts(NamedTuple):
    """What the nodes share."""

    cluster: Cluster
    objects: Objects


@contextmanager
def several(folder: Path, *, clocks: Sequence[int] = CLOCKS) -> Iterator[Several]:
    """Nodes that are not started yet, before an empty database and empty buckets."""
    with ExitStack() as ending:
        parts = Parts(ending.enter_context(Cluster()), ending.enter_context(Objects()))
        url, port = parts.cluster.make("place"), free_port()
        shared = _place(folder, port) | objects.environment_at(parts.objects.endpoint)
        nodes = []
        for number, clock in enumerate(clocks):
            reached = _reached(parts, ending)
            own = _folder(folder / f"node-{number}")
            own |= {
                "BESIDE_DATABASE_URL": f"postgres://beside@127.0.0.1:{reached.database.port}/{url.rpartition('/')[2]}",
                "BESIDE_STORE_ENDPOINT": f"http://127.0.0.1:{reached.store.port}",
            }
            node = Node(folder / f"node-{number}", shared | own | _clock(clock), reached)
            ending.callback(node.stop)
            nodes.append(node)
        with _balancer(folder, port, nodes):
            yield Several(parts, nodes, Door(port))


def _reached(parts: Parts, ending: ExitStack) -> Reached:
    faulty = ending.enter_context(Faulty(parts.objects.endpoint))
    store = urlsplit(faulty.endpoint)
    assert store.hostname
    assert store.port
    reached = Reached(Line(str(parts.cluster.socket)), Line((store.hostname, store.port)), faulty)
    for line in (reached.database, reached.store):
        ending.callback(line.close)
    return reached


def _place(folder: Path, port: int) -> dict[str, str]:
    """The environment that all nodes share. Whoever sets them up gives each the root key."""
    environ = environment(folder, port)
    for name in ("PYTHONPYCACHEPREFIX", "DJANGO_SETTINGS_MODULE"):
        environ.pop(name, None)
    key = folder / "root.key"
    key.write_bytes(secrets.token_bytes(32))
    key.chmod(0o600)
    return environ | {"BESIDE_SERVER_WORKERS": "1", "BESIDE_DATABASE_PATIENCE_S": "20"}


def _folder(folder: Path) -> dict[str, str]:
    """A data folder of one node's own. Whoever sets the node up says in it that the place is new."""
    data = folder / "data"
    data.mkdir(mode=0o700, parents=True)
    (data / "new-place").touch()
    return {"BESIDE_DATA": str(data)}


def _clock(seconds: int) -> dict[str, str]:
    """An environment in which a machine's clock is wrong by so much."""
    if not seconds:
        return {}
    found = next(Path("/").glob(_FAKED.lstrip("/")), None)
    if found is None:
        _missing("faketime")
    return {
        "LD_PRELOAD": str(found),
        "FAKETIME": f"{seconds:+d}s",
        # How long something takes is as it is.
        "DONT_FAKE_MONOTONIC": "1",
        # Or two threads of Python that wait for each other would use up a core.
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",
        "PYTHONPATH": str(Path(__file__).with_name("clock")),
    }


@contextmanager
def _balancer(folder: Path, port: int, nodes: list[Node]) -> Iterator[None]:
    program = shutil.which("haproxy", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        _missing("haproxy")
    said = folder / "haproxy.cfg"
    said.write_text(_recipe(port, nodes), "ascii")
    with running([program, "-q", "-db", "-f", str(said)], stderr=subprocess.DEVNULL):
        yield


def _recipe(port: int, nodes: Sequence[Node]) -> str:
    """The example's, before these nodes. It asks more often than it would, and waits as long for an answer as a machine that is busy takes."""
    put = {
        "bind :8080": f"bind 127.0.0.1:{port}",
        "check inter 2s": "check inter 500ms",
        "timeout check 5s": "timeout check 60s",
        **{f"node{n}:8000": f"127.0.0.1:{node.port}" for n, node in enumerate(nodes, start=1)},
    }
    recipe = _BALANCER.read_text("ascii")
    for there, here in put.items():
        assert there in recipe, there
        recipe = recipe.replace(there, here)
    return recipe


def _missing(package: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{package} isn't installed, and under CI its tests must run.")
    pytest.skip(f"{package} isn't installed. On Debian: apt install {package}")
