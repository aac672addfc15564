from __future__ import annotations

import json
import os
import subprocess
import uuid
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.serving import BESIDE

CLUSTER = os.environ.get("BESIDE_TEST_DATABASE_URL", "")
# What is done to a database or a user of the test's own, what it is called by, and what the doctor says.
BROKEN = {
    "no such database": ([], "{name}_gone", "database", "does not exist"),
    "no tables": ([], "{name}", "database", "has no tables"),
    "read only": (
        ['ALTER DATABASE "{name}" SET default_transaction_read_only = on'],
        "{name}",
        "writing",
        "only lets this database be read",
    ),
    "another encoding": (
        [
            'DROP DATABASE "{name}"',
            "CREATE DATABASE \"{name}\" ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'",
        ],
        "{name}",
        "encoding",
        "SQL_ASCII",
    ),
    "a user who may not log in": (
        ['CREATE ROLE "{name}"'],
        "{name}",
        "database",
        "not permitted to log in",
    ),
    "a user who may not read": (
        ['CREATE ROLE "{name}" LOGIN', 'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC'],
        "{name}",
        "database",
        "permission denied",
    ),
}


@pytest.fixture
def execute() -> Callable[[str], None]:
    def act(statement: str) -> None:
        with psycopg.connect(CLUSTER, autocommit=True) as acting:
            acting.execute(statement)

    return act


@pytest.fixture
def name(execute) -> Iterator[str]:
    name = f"broken_{uuid.uuid4().hex}"
    execute(f'CREATE DATABASE "{name}"')
    yield name
    execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    execute(f'DROP ROLE IF EXISTS "{name}"')


@pytest.fixture
def commands(tmp_path) -> Callable[..., list[subprocess.CompletedProcess[str]]]:
    (tmp_path / "data").mkdir(mode=0o700)
    kept = {one: value for one, value in os.environ.items() if not one.startswith("BESIDE_")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)

    def run(database: str, *each: list[str]) -> list[subprocess.CompletedProcess[str]]:
        environ = kept | {
            "BESIDE_DATA": str(tmp_path / "data"),
            "BESIDE_ROOT_KEY_FILE": str(tmp_path / "root.key"),
            "BESIDE_DATABASE_URL": database,
        }
        return [
            subprocess.run([BESIDE, *words], env=environ, capture_output=True, text=True)
            for words in each
        ]

    return run


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_database_is_said_to_be_in_a_sentence(kind, name, execute, commands, tmp_path):
    done, called, about, says = BROKEN[kind]
    for statement in done:
        execute(statement.format(name=name))
    cluster = urlsplit(CLUSTER)
    user = name if "user" in kind else cluster.username
    database = (
        f"postgres://{user}:geheim@{cluster.netloc.rpartition('@')[2]}/{called.format(name=name)}"
    )

    doctor, verify, hosts = commands(database, ["doctor", "--json"], ["verify"], ["host", "list"])

    found = [
        one
        for one in map(json.loads, doctor.stdout.splitlines())
        if (one["about"], one["how"]) == (about, "wrong")
    ]
    assert any(says in one["says"] and one["mend"] for one in found), doctor.stdout
    assert doctor.returncode == 1
    for one in (verify, hosts):
        assert (one.returncode, one.stderr[:7]) == (1, "Error: "), one.stderr
    for one in (doctor, verify, hosts):
        assert "Traceback" not in one.stdout + one.stderr
        assert "geheim" not in one.stdout + one.stderr
    assert list((tmp_path / "data").iterdir()) == []
