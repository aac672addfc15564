"""A PgBouncer of our own in transaction mode, before a PostgreSQL of ours. It listens on a socket in its folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import dj_database_url
import psycopg
import pytest

from tests.postgres import somebody_unprivileged
from tests.serving import running, until

PORT = 6432
_SETTINGS = """\
[databases]
* = host={host} port={port}
[pgbouncer]
unix_socket_dir = {folder}
listen_port = {own_port}
auth_type = trust
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = {connections}
max_client_conn = 500
server_lifetime = 60
"""


def program() -> str:
    """Where it is. The test is left out where it isn't installed, but not in CI."""
    found = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("There is no PgBouncer here, and under CI its tests must run.")
        pytest.skip("There is no PgBouncer here. On Debian: apt install pgbouncer")
    return found


@contextmanager
def pooled(url: str, *, connections: int) -> Iterator[str]:
    """The address of the database at `url` through a pooler that opens at most so many `connections` to it."""
    there, who = dj_database_url.parse(url), somebody_unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="beside-pgbouncer-"))
    try:
        said = _SETTINGS.format(
            host=there["HOST"].replace("%2F", "/"),
            port=there["PORT"] or 5432,
            folder=folder,
            own_port=PORT,
            connections=connections,
        )
        (folder / "ini").write_text(said, "ascii")
        (folder / "users").write_text(f'"{there["USER"]}" ""\n', "ascii")
        if who:
            for path in (folder, *folder.iterdir()):
                os.chown(path, who["user"], who["group"])
        command = [program(), "-q", str(folder / "ini")]
        address = f"postgres://{there['USER']}@{quote(str(folder), safe='')}:{PORT}/{there['NAME']}"
        with running(command, stderr=subprocess.STDOUT, **who):
            until(lambda: _answers(address))
            yield address
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _answers(address: str) -> bool:
    try:
        psycopg.connect(address, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
