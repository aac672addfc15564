"""Databases on the PostgreSQL that the tests have started. On SQLite a place's database lies in its data folder."""

from __future__ import annotations

import os
import uuid

import psycopg

from tests.serving import until

ON_POSTGRESQL = os.environ.get("BESIDE_TEST_DATABASE", "sqlite") == "postgresql"


def make(*, like: str = "template0", name: str = "") -> str:
    """Make a database, empty or like another one, and return its name."""
    name = name or f"place_{uuid.uuid4().hex}"
    with _cluster() as cluster:
        cluster.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
    return name


def drop(name: str) -> None:
    """Remove a database, whoever is connected to it."""
    with _cluster() as cluster:
        cluster.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def wait_until_unused(name: str) -> None:
    """Wait until PostgreSQL has noticed that whoever was connected to a database has ended."""
    with _cluster() as cluster:
        asked = "SELECT 1 FROM pg_stat_activity WHERE datname = %s"
        until(lambda: cluster.execute(asked, [name]).fetchone() is None)


def url(name: str) -> str:
    """The address of a database, for BESIDE_DATABASE_URL."""
    return f"{os.environ['BESIDE_TEST_DATABASE_URL'].rpartition('/')[0]}/{name}"


def _cluster() -> psycopg.Connection:
    return psycopg.connect(os.environ["BESIDE_TEST_DATABASE_URL"], autocommit=True)
