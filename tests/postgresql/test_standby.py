from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from urllib.parse import quote

import psycopg
import pytest
from django.db import connections
from pydantic import SecretStr

from beside.access.compiled import Statement
from beside.cli.tables.databases import opened
from beside.config import databases
from beside.config.env import Env
from beside.delivery import postgresql
from beside.delivery.no_answer import NoAnswer
from beside.delivery.postgresql import OwnPostgresql
from tests.pgbouncer import pooled
from tests.postgres import OWNER, Cluster
from tests.serving import BESIDE

pytestmark = pytest.mark.thorough

IS_STANDBY = "SELECT pg_is_in_recovery()"


@pytest.fixture(scope="module")
def clusters() -> Iterator[tuple[Cluster, Cluster]]:
    """A primary, and a standby that lags."""
    with Cluster() as primary:
        standby = primary.standby()
        try:
            with psycopg.connect(primary.url(), autocommit=True) as asked:
                asked.execute("CREATE TABLE django_migrations (since integer)")
            yield primary, standby
        finally:
            standby.stop()


@pytest.fixture
def both(clusters) -> str:
    """The address of the standby and the primary, as libpq takes several."""
    folders = ",".join(str(one.socket.parent) for one in reversed(clusters))
    return f"postgres://{OWNER}@{quote(folders, safe=',')}/postgres"


@pytest.fixture
def env(settings, django_db_blocker) -> Iterator[Env]:
    """None of these databases is the tests' own."""
    with django_db_blocker.unblock():
        yield settings.BESIDE


def at(env: Env, url: str, *, pooler: str = "") -> Env:
    return env.model_copy(update={"database_url": SecretStr(url), "database_pooler": pooler})


def asked(address: dict[str, object]) -> bool:
    with opened(address, alias="asked") as other, other.cursor() as cursor:
        cursor.execute(IS_STANDBY)
        return cursor.fetchone()[0]


@pytest.mark.parametrize("said", ["", "?target_session_attrs=any"])
def test_of_a_standby_and_a_primary_the_primary_is_asked(env, both, said):
    assert databases.has_tables(at(env, both + said)) is True
    assert asked(databases.of(at(env, both + said))) is False


def test_delivery_asks_the_primary_too_and_only_reads(env, both, monkeypatch):
    with opened(databases.of(at(env, both)), alias="asked") as other:
        monkeypatch.setattr(connections, "create_connection", lambda _alias: other)
        own = OwnPostgresql(patience_s=60, connections=1)
        reads = Statement("SELECT pg_is_in_recovery(), current_setting('transaction_read_only')")

        assert own.first(reads, {}) == (False, "on")

        own.close()


def test_a_standby_alone_is_never_asked(env, clusters, monkeypatch):
    alone = at(env, clusters[1].url())
    with pytest.raises(psycopg.OperationalError, match="hot standby"):
        databases.has_tables(alone)
    with opened(databases.of(alone), alias="asked") as other:
        monkeypatch.setattr(connections, "create_connection", lambda _alias: other)
        monkeypatch.setattr(postgresql, "_NOT_AGAIN_FOR_S", 0.0)
        own = OwnPostgresql(patience_s=60, connections=1)
        with pytest.raises(NoAnswer):
            own.first(Statement(IS_STANDBY), {})


@pytest.mark.parametrize("which", [0, 1], ids=["primary", "standby"])
def test_a_pooler_is_asked_what_is_behind_it(env, clusters, which):
    with pooled(clusters[which].url(), connections=2) as url:
        through = databases.of(at(env, url, pooler="transaction"))
        if which == 0:
            assert asked(through) is False
        else:
            with pytest.raises(Exception, match="hot standby"):
                asked(through)


def test_a_standby_is_said_to_be_one_in_a_sentence(clusters, tmp_path):
    kept = {one: value for one, value in os.environ.items() if not one.startswith("BESIDE_")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    (tmp_path / "data").mkdir(mode=0o700)
    place = {
        "BESIDE_DATA": str(tmp_path / "data"),
        "BESIDE_ROOT_KEY_FILE": str(tmp_path / "root.key"),
        "BESIDE_DATABASE_URL": clusters[1].url(),
    }

    said = subprocess.run(
        [BESIDE, "serve"], env=kept | place, capture_output=True, text=True, timeout=60
    )

    assert said.returncode == 1
    assert "What answers is a standby, whose rows may be late." in said.stdout + said.stderr
    assert "Traceback" not in said.stdout + said.stderr
