"""The recipe of several nodes in `deploy/several`, read as Docker would: no engine is here to run it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml
from click import Context
from django.urls import resolve

from beside.cli import main
from beside.config import databases
from beside.config.env import Env
from tests.serving import BESIDE, PATIENCE_S, free_port, program, running, until

SEVERAL = Path(__file__).parents[1] / "deploy" / "several"
NODES = ("node1", "node2", "node3")
NAMES_OF_PLACE = ("localhost", "127.0.0.1")
ELSEWHERE = "127.0.0.2"
FORM = b"do=close"
PROXY = (SEVERAL / "Caddyfile").read_text("utf-8")


@pytest.fixture(scope="module")
def recipe() -> dict[str, Any]:
    return yaml.safe_load((SEVERAL / "compose.yaml").read_text("utf-8"))


def of_beside(recipe: dict[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in recipe["services"].items() if one["image"] == "beside"}


def test_every_setting_in_it_is_one(recipe):
    known = {f"BESIDE_{name.upper()}" for name in Env.model_fields}
    used = {name for one in of_beside(recipe).values() for name in one["environment"]}
    used |= set(re.findall(r"^(BESIDE_\w+)=", (SEVERAL / "place.env").read_text("utf-8"), re.M))

    assert {name.removesuffix("_FILE") if name not in known else name for name in used} <= known


def test_every_command_in_it_is_one(recipe):
    for name, one in of_beside(recipe).items():
        said = re.findall(r"/opt/beside/bin/beside,? (\w+)", ", ".join(one["command"]))
        assert said, name
        assert set(said) <= set(main.list_commands(Context(main))), name


def test_every_secret_volume_and_service_that_is_named_is_there(recipe):
    for name, one in recipe["services"].items():
        assert set(one.get("secrets", [])) <= set(recipe["secrets"]), name
        assert set(one.get("depends_on", {})) <= set(recipe["services"]), name
        for volume in one.get("volumes", []):
            source = volume.partition(":")[0]
            there = (
                (SEVERAL / source).is_file()
                if source.startswith(".")
                else source in recipe["volumes"]
            )
            assert there, volume
    used = {secret for one in recipe["services"].values() for secret in one.get("secrets", [])}
    assert used == set(recipe["secrets"])


def test_whoever_is_waited_for_says_when_it_is_well(recipe):
    image = (SEVERAL.parent / "Dockerfile").read_text("utf-8")
    assert "HEALTHCHECK" in image
    waited = {
        name
        for one in recipe["services"].values()
        for name, how in one.get("depends_on", {}).items()
        if how["condition"] == "service_healthy"
    }
    for name in waited:
        assert name in NODES or "test" in recipe["services"][name]["healthcheck"]
    for text in (PROXY, image):
        assert resolve(re.search(r"(/healthz)\b", text)[1]).url_name == "healthz"


def test_each_node_has_limits_no_rights_and_no_disk_but_for_the_epoch_key(recipe):
    for name, one in of_beside(recipe).items():
        assert one["read_only"], name
        assert one["cap_drop"] == ["ALL"], name
        assert {"mem_limit", "cpus", "pids_limit", "tmpfs"} <= set(one), name
        if name in NODES:
            assert one["volumes"] == ["keyring:/keyring"], name


def test_postgresql_lets_all_of_them_in(recipe):
    lets_in = int(
        re.search(r"max_connections=(\d+)", str(recipe["services"]["postgres"]["command"]))[1]
    )
    others = len(of_beside(recipe)) - len(NODES)

    needed = (len(NODES) + 1) * databases.of_node(Env()) + others * databases.OF_WORKER
    assert lets_in >= needed + databases.BESIDES


def test_the_proxy_knows_every_node():
    upstreams = re.findall(r"reverse_proxy (?:@nobody )?((?:node\d:8000 ?)+)", PROXY)

    assert len(upstreams) == 4
    assert {frozenset(names.split()) for names in upstreams} == {
        frozenset(f"{name}:8000" for name in NODES)
    }


class _Node(BaseHTTPRequestHandler):
    """One that answers to the names of its place only, as a version before 0.3 does."""

    def do_GET(self) -> None:
        self.send_response(self._status())
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        said = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(302 if said == FORM else 400)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _status(self) -> int:
        if self.headers["Host"].partition(":")[0] not in NAMES_OF_PLACE:
            return 400
        if self.path == "/healthz":
            return 200 if self.server.is_well else 503
        return 200 if self.path in ("/", f"/static/{self.server.version}.css") else 404

    def log_message(self, *_said: object) -> None:
        pass


@contextmanager
def node(version: str, *, is_well: bool = True) -> Iterator[int]:
    """Listens where none of the place's names leads."""
    with ThreadingHTTPServer((ELSEWHERE, 0), _Node) as serving:
        serving.version, serving.is_well = version, is_well
        Thread(target=serving.serve_forever, args=(0.02,), daemon=True).start()
        yield serving.server_port
        serving.shutdown()


@contextmanager
def proxy(folder: Path, nodes: Sequence[int]) -> Iterator[int]:
    """Caddy with the recipe, before these ports. Yields its own."""
    port = free_port()
    said = PROXY.replace("beside.example.org {", f"http://127.0.0.1:{port} {{").replace(
        "{\n\tlog", "{\n\tadmin off\n\tlog", 1
    )
    for name, at in zip(NODES, nodes, strict=True):
        said = said.replace(f"{name}:8000", f"{ELSEWHERE}:{at}")
    (folder / "Caddyfile").write_text(said, "utf-8")
    told = ["--adapter", "caddyfile", "--config", folder / "Caddyfile"]
    with running([program("caddy"), "run", *told], {"HOME": str(folder)}):
        yield port


def status(port: int, path: str, form: bytes | None = None, *, host: str = "127.0.0.1") -> int:
    asking = HTTPConnection(host, port, timeout=PATIENCE_S)
    try:
        asking.request("POST" if form else "GET", path, form)
        return asking.getresponse().status
    except OSError:
        return 0
    finally:
        asking.close()


@pytest.mark.thorough
@pytest.mark.parametrize("upgraded", [1, 2])
def test_while_nodes_are_upgraded_the_files_of_both_versions_are_found(tmp_path, upgraded):
    versions = ["new"] * upgraded + ["old"] * (len(NODES) - upgraded)
    with ExitStack() as serving:
        nodes = [serving.enter_context(node(version)) for version in versions]
        port = serving.enter_context(proxy(tmp_path, nodes))
        until(lambda: status(port, "/") == 200)

        for version in ("new", "old"):
            assert {status(port, f"/static/{version}.css") for _ in range(6)} == {200}
        assert status(port, "/static/neither.css") == 404


@pytest.mark.thorough
def test_where_no_node_is_well_one_is_asked_all_the_same(tmp_path):
    """As where what all of them share is away. A form is sent once, and whole."""
    with ExitStack() as serving:
        nodes = [serving.enter_context(node("one", is_well=False)) for _ in NODES]
        port = serving.enter_context(proxy(tmp_path, nodes))
        until(lambda: status(port, "/") == 200)

        assert {status(port, "/") for _ in range(6)} == {200}
        assert {status(port, "/static/one.css") for _ in range(3)} == {200}
        assert status(port, "/posts/", FORM) == 302
        assert status(port, "/nothing-there") == 404


@pytest.mark.thorough
def test_a_node_that_cannot_be_connected_to_is_gone_round(tmp_path):
    with ExitStack() as serving:
        nodes = [free_port(), serving.enter_context(node("one")), free_port()]
        port = serving.enter_context(proxy(tmp_path, nodes))
        until(lambda: status(port, "/") == 200)

        assert {status(port, "/") for _ in range(6)} == {200}
        assert {status(port, "/static/one.css") for _ in range(3)} == {200}


@pytest.mark.thorough
def test_a_real_node_is_found_well_by_the_proxy_before_it(tmp_path):
    """It is at an address that is none of its place's, as `node1:8000` is none."""
    bound, data = free_port(), tmp_path / "data"
    environ = {name: value for name, value in os.environ.items() if not name.startswith("BESIDE_")}
    environ.pop("DJANGO_SETTINGS_MODULE", None)
    environ |= {
        "BESIDE_DATA": str(data),
        "BESIDE_ROOT_KEY_FILE": str(tmp_path / "root.key"),
        "BESIDE_BIND": f"{ELSEWHERE}:{bound}",
        "BESIDE_URL": "http://127.0.0.1",
        "BESIDE_SERVER_WORKERS": "1",
    }
    with ExitStack() as serving:
        serving.enter_context(running([BESIDE, "serve"], environ))
        until(lambda: status(bound, "/healthz", host=ELSEWHERE) == 200)
        assert status(bound, "/", host=ELSEWHERE) == 400
        others = [serving.enter_context(node("other", is_well=False)) for _ in range(2)]
        port = serving.enter_context(proxy(tmp_path, [bound, *others]))

        # The others have no such page: this one alone is asked, so it is found well.
        until(lambda: {status(port, "/account/sign-in/") for _ in range(6)} == {200})


@pytest.mark.parametrize(("ends", "said"), [(0, None), (3, "3")])
def test_a_backup_is_made_at_once_and_again_and_a_failure_is_kept(tmp_path, ends, said):
    times, failed = tmp_path / "times", tmp_path / "failed"
    failed.write_text("1\n", "ascii")
    command = ["/bin/sh", SEVERAL / "each-day", "/bin/sh", "-c", f"echo ran >>{times}; exit {ends}"]
    environ = {"PATH": os.environ["PATH"], "FAILED": str(failed), "DAY": "0.1", "HOUR": "0.1"}
    with (tmp_path / "log").open("wb") as log, running(command, environ, stderr=log):
        until(lambda: times.exists() and times.read_text("ascii").count("ran") > 2)

    assert (failed.read_text("ascii").strip() if failed.exists() else None) == said
    assert ("exit status 3" in (tmp_path / "log").read_text("utf-8")) is bool(said)


def test_the_example_backs_up_by_it_and_says_when_that_failed(recipe):
    backup = recipe["services"]["backup"]

    assert backup["command"][:2] == ["/bin/sh", "/opt/each-day"]
    assert "./each-day:/opt/each-day:ro" in backup["volumes"]
    assert "/tmp/failed" in backup["healthcheck"]["test"][1]


def test_a_dump_is_made_on_a_disk_and_no_epoch_key_is_kept_in_a_store_that_may_lose_it(recipe):
    for name, one in of_beside(recipe).items():
        at = {volume.split(":")[1]: volume.split(":")[0] for volume in one["volumes"]}
        assert one["environment"]["BESIDE_KEYRING"] == "/keyring/epoch", name
        assert at["/keyring"] == "keyring", name
    assert not any(where.startswith("/data") for where in recipe["services"]["backup"]["tmpfs"])
    assert "scratch:/data" in recipe["services"]["backup"]["volumes"]
