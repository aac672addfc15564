from __future__ import annotations

import subprocess

import psycopg

from beside.config.process import end_with_parent
from tests.cli.test_serve import is_well, until
from tests.serving import BESIDE, free_port


def test_tables_that_several_make_at_once_are_made_once(environment, beside, database, tmp_path):
    port = free_port()
    bound = environment | {"BESIDE_BIND": f"127.0.0.1:{port}"}

    def started(*words: str) -> subprocess.Popen:
        return subprocess.Popen(
            [BESIDE, *words],
            env=bound,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=end_with_parent,
        )

    migrating = [started("migrate"), started("migrate")]
    serving = started("serve")
    try:
        said = [one.communicate()[0] for one in migrating]
        assert [one.returncode for one in migrating] == [0, 0], said
        until(lambda: is_well(port))
    finally:
        serving.terminate()
        serving.communicate()

    with psycopg.connect(database) as there:
        twice = "SELECT app, name FROM django_migrations GROUP BY 1, 2 HAVING count(*) > 1"
        assert there.execute(twice).fetchall() == []
    assert "nothing to do" in beside("migrate").stdout
