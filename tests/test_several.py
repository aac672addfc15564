"""The recipe of several nodes in `deploy/several`, read as Docker would: no engine is here to run it."""

from __future__ import annotations

import re
from collections.abc import Iterator
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
from tests.serving import PATIENCE_S, free_port, running, until
from tests.test_recipes import program

SEVERAL = Path(__file__).parents[1] / "deploy" / "several"
NODES = ("node1", "node2", "node3")
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


def test_each_node_has_limits_no_rights_and_no_disk(recipe):
    for name, one in of_beside(recipe).items():
        assert one["read_only"], name
        assert one["cap_drop"] == ["ALL"], name
        assert {"mem_limit", "cpus", "pids_limit", "tmpfs"} <= set(one), name
        if name in NODES:
            assert "volumes" not in one, name


def test_postgresql_lets_all_of_them_in(recipe):
    lets_in = int(
        re.search(r"max_connections=(\d+)", str(recipe["services"]["postgres"]["command"]))[1]
    )
    others = len(of_beside(recipe)) - len(NODES)

    needed = (len(NODES) + 1) * databases.of_node(Env()) + others * databases.OF_WORKER
    assert lets_in >= needed + databases.BESIDES


def test_the_proxy_knows_every_node():
    upstreams = re.findall(r"reverse_proxy ((?:node\d:8000 ?)+)", PROXY)

    assert len(upstreams) == 3
    assert {frozenset(names.split()) for names in upstreams} == {
        frozenset(f"{name}:8000" for name in NODES)
    }


class _Node(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        has_it = self.path in ("/", "/healthz", f"/static/{self.server.version}.css")
        self.send_response(200 if has_it else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_said: object) -> None:
        pass


@contextmanager
def node(version: str) -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Node) as serving:
        serving.version = version
        Thread(target=serving.serve_forever, daemon=True).start()
        yield serving.server_port
        serving.shutdown()


def status(port: int, path: str) -> int:
    asking = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        asking.request("GET", path)
        return asking.getresponse().status
    except OSError:
        return 0
    finally:
        asking.close()


@pytest.mark.thorough
@pytest.mark.parametrize("upgraded", [1, 2])
def test_while_nodes_are_upgraded_the_files_of_both_versions_are_found(tmp_path, upgraded):
    versions = ["new"] * upgraded + ["old"] * (len(NODES) - upgraded)
    port = free_port()
    with ExitStack() as serving:
        said = PROXY.replace("beside.example.org {", f"http://127.0.0.1:{port} {{").replace(
            "{\n\tlog", "{\n\tadmin off\n\tlog", 1
        )
        for name, version in zip(NODES, versions, strict=True):
            said = said.replace(f"{name}:8000", f"127.0.0.1:{serving.enter_context(node(version))}")
        (tmp_path / "Caddyfile").write_text(said, "utf-8")
        command = [
            program("caddy"),
            "run",
            "--adapter",
            "caddyfile",
            "--config",
            tmp_path / "Caddyfile",
        ]
        serving.enter_context(running(command, {"HOME": str(tmp_path)}))
        until(lambda: status(port, "/") == 200)

        for version in ("new", "old"):
            assert {status(port, f"/static/{version}.css") for _ in range(6)} == {200}
        assert status(port, "/static/neither.css") == 404
