from __future__ import annotations

import os
import subprocess
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from beside.config.process import end_with_parent
from tests.serving import BESIDE, free_port


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """An empty database on the cluster of these tests, as its address. A start takes long: once a module."""
    cluster = os.environ["BESIDE_TEST_DATABASE_URL"]
    name = f"place_{uuid.uuid4().hex}"
    with psycopg.connect(cluster, autocommit=True) as making:
        making.execute(f'CREATE DATABASE "{name}"')

    yield f"{cluster.rpartition('/')[0]}/{name}"

    with psycopg.connect(cluster, autocommit=True) as ending:
        ending.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("place")


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def environment(place, port, database) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BESIDE_")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    return kept | {
        "BESIDE_DATABASE_URL": database,
        "BESIDE_DATA": str(place / "data"),
        "BESIDE_ROOT_KEY_FILE": str(place / "root.key"),
        "BESIDE_BIND": f"127.0.0.1:{port}",
        "BESIDE_URL": f"http://localhost:{port}",
        "BESIDE_SERVER_WORKERS": "1",
    }


@pytest.fixture(scope="module")
def beside(environment) -> Callable[..., subprocess.CompletedProcess]:
    """Run a command as a host does; whatever it says is in `stdout`."""

    def run(*words: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [BESIDE, *words],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    return run


@pytest.fixture(scope="module")
def server(environment, place) -> Iterator[subprocess.Popen]:
    with (place / "message").open("wb") as said:
        server = subprocess.Popen(
            [BESIDE, "serve"],
            env=environment,
            stdout=said,
            stderr=said,
            preexec_fn=end_with_parent,
        )

    yield server

    server.terminate()
    server.wait(60)
