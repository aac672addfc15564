from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from bench.start import is_well
from beside.config import databases
from beside.config.env import Env
from beside.front.limits import Limits
from tests.pgbouncer import pooled
from tests.serving import BESIDE, PATIENCE_S, running, until

PEOPLE, ASKING, TIMES = 8, 64, 2
LONG_FORM = 2 * Limits().body_bytes


@pytest.fixture(scope="module")
def own_role(database) -> Iterator[str]:
    """The database as a role sees it that may open no more connections than a node says it will."""
    role = f"node_{uuid4().hex}"
    name = database.rpartition("/")[2]
    with psycopg.connect(database, autocommit=True) as making:
        limit = databases.of_node(Env())
        making.execute(f'CREATE ROLE "{role}" LOGIN CONNECTION LIMIT {limit}')
        making.execute(f'ALTER DATABASE "{name}" OWNER TO "{role}"')

    yield database.replace("postgres://beside@", f"postgres://{role}@")

    with psycopg.connect(database, autocommit=True) as ending:
        ending.execute(f'ALTER DATABASE "{name}" OWNER TO beside')
        ending.execute(f'REASSIGN OWNED BY "{role}" TO beside')
        ending.execute(f'DROP OWNED BY "{role}"')
        ending.execute(f'DROP ROLE "{role}"')


@pytest.fixture(scope="module")
def of_node(environment, own_role) -> dict[str, str]:
    return environment | {
        "BESIDE_DATABASE_URL": own_role,
        "BESIDE_SERVER_WORKERS": "2",
        "BESIDE_DATABASE_PATIENCE_S": "600",
    }


@pytest.fixture(scope="module")
def told(of_node) -> dict[str, Any]:
    making = [sys.executable, "-m", "bench.slow_place", str(PEOPLE), "1"]
    made = subprocess.run(making, env=of_node, check=True, stdout=subprocess.PIPE)
    return json.loads(made.stdout)


@contextmanager
def served(environ: dict[str, str], port: int) -> Iterator[None]:
    with running([BESIDE, "serve"], environ):
        until(lambda: is_well(port))
        yield


def ask(port: int, path: str, cookie: str) -> int:
    asking = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    asking.request("GET", path, headers={"Cookie": cookie, "Host": "localhost"})
    answer = asking.getresponse()
    answer.read()
    asking.close()
    return answer.status


def ask_all_at_once(port: int, told: dict[str, Any]) -> set[int]:
    """What everybody is answered who asks for pages, photographs and originals, 64 at a time."""
    asked = [
        (path, person["cookie"])
        for person in told["slow"]
        for path in ("/", "/drawer/", "/help", person["photograph"], person["original"])
    ]
    with ThreadPoolExecutor(ASKING) as threads:
        return set(threads.map(lambda one: ask(port, *one), asked * TIMES))


def test_a_node_with_64_requests_at_once_opens_twenty_connections_at_most(of_node, told, port):
    assert databases.of_node(Env()) <= 20

    with served(of_node, port):
        assert ask_all_at_once(port, told) == {200}


def test_whoever_sends_or_reads_slowly_keeps_no_connection(of_node, told, port):
    fewest = of_node | {"BESIDE_DATABASE_CONNECTIONS": "7", "BESIDE_SERVER_WORKERS": "1"}
    with served(fewest, port), ExitStack() as opened:
        for person in told["slow"]:
            opened.enter_context(slow_reader(port, person))
            opened.enter_context(slow_form(port, person))
        until(lambda: counted(fewest, "state <> 'idle'") == 0)

        answers = {ask(port, "/", person["cookie"]) for person in told["slow"] for _ in range(3)}

    assert answers == {200}


def test_a_form_too_long_to_be_read_whole_is_taken(of_node, told, port):
    token, field = "c" * 32, b"--x\r\nContent-Disposition: form-data; "
    body = field + b'name="csrfmiddlewaretoken"\r\n\r\n%s\r\n' % token.encode()
    body += field + b'name="photographs"; filename="a.jpg"\r\n\r\n%s\r\n--x--\r\n' % (
        b"a" * LONG_FORM
    )
    headers = {
        "Host": "localhost",
        "Cookie": f"{told['slow'][0]['cookie']}; csrf={token}",
        "Content-Type": "multipart/form-data; boundary=x",
    }
    with (
        served(of_node, port),
        closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)) as sending,
    ):
        sending.request("POST", "/drawer/", body, headers)

        assert sending.getresponse().status == 302


def test_a_node_works_through_a_pooler_that_gives_each_transaction_another_connection(
    of_node, told, port
):
    """Fewer connections than processes have threads, so that hardly two statements in a row get the same."""
    with pooled(of_node["BESIDE_DATABASE_URL"], connections=4) as url:
        environ = of_node | {
            "BESIDE_DATABASE_URL": url,
            "BESIDE_DATABASE_POOLER": "transaction",
        }
        with served(environ, port):
            assert ask_all_at_once(port, told) == {200}
            assert counted(environ) <= 4


def test_a_pooler_s_sessions_begin_as_ours_do(of_node, own_role):
    with pooled(own_role, connections=2) as url:
        environ = of_node | {
            "BESIDE_DATABASE_URL": url,
            "BESIDE_DATABASE_POOLER": "transaction",
            "DJANGO_SETTINGS_MODULE": "beside.config.settings",
        }
        making = "import django; django.setup(); from beside.cli.process.setup import prepare_tables as p; p()"
        subprocess.run([sys.executable, "-c", making], env=environ, check=True)
    with psycopg.connect(own_role) as asking:
        found = {
            name: asking.execute(f"SHOW {name}").fetchone()[0]
            for name in ("jit", "idle_in_transaction_session_timeout")
        }

    assert found == {"jit": "off", "idle_in_transaction_session_timeout": "1min"}


def counted(environ: dict[str, str], which: str = "true") -> int:
    """How many connections to this database there are of that kind, besides the one that asks."""
    with psycopg.connect(environ["BESIDE_DATABASE_URL"]) as asking:
        found = asking.execute(
            "SELECT count(*) FROM pg_stat_activity"
            f" WHERE datname = current_database() AND pid <> pg_backend_pid() AND {which}"
        )
        return found.fetchone()[0]


@contextmanager
def slow_reader(port: int, person: dict[str, str]) -> Iterator[None]:
    """Somebody who asks for their original, and reads none of it."""
    with socket.socket() as opened:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        opened.connect(("127.0.0.1", port))
        opened.sendall(request("GET", person["original"], person["cookie"]))
        opened.recv(1)
        yield


@contextmanager
def slow_form(port: int, person: dict[str, str]) -> Iterator[None]:
    """Somebody who sends a form that is too long to be read whole, and stops in the middle."""
    with socket.create_connection(("127.0.0.1", port)) as opened:
        head = request(
            "POST",
            "/drawer/",
            person["cookie"],
            "Content-Type: multipart/form-data; boundary=x",
            f"Content-Length: {30 << 20}",
        )
        opened.sendall(head + b"--x\r\n")
        yield


def request(method: str, path: str, cookie: str, *headers: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Cookie: {cookie}", *headers, "", ""]
    return "\r\n".join(lines).encode()
