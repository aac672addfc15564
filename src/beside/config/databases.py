"""Where the rows are, as Django's `DATABASES` says it: SQLite in the data folder, or PostgreSQL.

A process of the server lets all its threads share a few connections (`share`), and tells whoever waits for a
database that doesn't answer so after `BESIDE_DATABASE_PATIENCE_S`.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, cast

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from beside.config.env import Env
from beside.photos.vault import new_place

# What part of the patience a request waits for a connection of its process that is free, or for a new one. The rest is for
# the answer to one statement.
_FOR_CONNECTION = 0.4
# A worker's own: for its chores, for saying meanwhile that it lives, for photographs, for mails, and for each of the three threads that send pushes.
OF_WORKER = 7
# A process that serves has so many for photographs, and at least one for pages.
OF_PHOTOGRAPHS = 2
_LEAST = OF_PHOTOGRAPHS + 1
# One more than any of them holds at once: what a host does in the terminal, a backup, and PostgreSQL's own reserve.
BESIDES = 7
_TIMED_CONNECTION = "beside.config.timed_connection.timed_connection"
_RECONNECTS_S = 3.0
_ASKED_WITHIN_S = 10
# Options that Django takes out before it connects.
_DJANGOS = {"assume_role", "isolation_level", "pool", "server_side_binding"}
# For a node that was cut off from the database: what it had locked is let go, and what it asks is not waited for for ever. Nor is
# anything done later for a request that was told it couldn't be: PostgreSQL looks whether it is still waited for.
_LETS_GO = {
    "client_connection_check_interval": "1s",
    "idle_in_transaction_session_timeout": "60s",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
# A standby is late, so what was narrowed would be shown. Not "read-write": delivery's sessions are read-only.
PRIMARY = {"target_session_attrs": "primary"}
# Compiling a statement takes a quarter of a second and saves none.
SESSION = {"jit": "off", **_LETS_GO}
_CUT_OFF = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}


def of(env: Env) -> dict[str, Any]:
    """The one database that `env` names."""
    return _postgresql(env) if env.database_url else _sqlite(env)


def has_tables(env: Env) -> bool:
    """Whether the database has tables, asked before Django's settings are there.

    Raises what the driver raises where it can't be reached, and `ImproperlyConfigured` where there is none.
    """
    if not env.database_url:
        return new_place.has_tables(env.data / "beside.sqlite3")
    try:
        psycopg = import_module("psycopg")
    except ImportError as missing:
        raise ImproperlyConfigured(str(missing)) from None
    named = cast("dict[str, Any]", dj_database_url.parse(env.database_url.get_secret_value()))
    where = {
        "dbname": named["NAME"],
        "user": named["USER"],
        "password": named["PASSWORD"],
        "host": named["HOST"],
        "port": named["PORT"],
        "connect_timeout": _ASKED_WITHIN_S,
        **{name: value for name, value in named.get("OPTIONS", {}).items() if name not in _DJANGOS},
        **PRIMARY,
    }
    with (
        psycopg.connect(**{name: value for name, value in where.items() if value}) as asked,
        asked.cursor() as cursor,
    ):
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
        return bool(cursor.fetchone()[0])


def has_pooler(env: Env) -> bool:
    """Whether another connection is had for each transaction. On SQLite there is nothing to pool."""
    return bool(env.database_url and env.database_pooler)


def of_each_process(env: Env) -> int:
    """How many connections one process of the server may open."""
    return max(_LEAST, (env.database_connections - OF_WORKER) // env.server_workers)


def of_node(env: Env) -> int:
    """How many connections `beside serve` opens at most, with its worker."""
    return env.server_workers * of_each_process(env) + OF_WORKER


def waits_for_connection(env: Env) -> float:
    """How many seconds a request waits for a connection."""
    return env.database_patience_s * _FOR_CONNECTION


def waits_for_answer(env: Env) -> float:
    """How many seconds a request waits for the answer to one statement."""
    return env.database_patience_s - waits_for_connection(env)


def share(database: dict[str, Any], env: Env) -> None:
    """Let all threads of this process share a few connections of `database`, one for each request that is being answered.

    For processes of the server alone, before the first query. On SQLite each thread keeps its own. Two connections are left for
    photographs, which delivery keeps to itself where no pooler is in between.
    """
    if not is_postgresql(database):
        return
    database["CONN_MAX_AGE"] = 0
    database["OPTIONS"]["pool"] = {
        "min_size": 1,
        "max_size": of_each_process(env) - (0 if env.database_pooler else OF_PHOTOGRAPHS),
        "timeout": waits_for_connection(env),
        # After a restart of the database a pool would wait longer each time before it tries again.
        "reconnect_timeout": _RECONNECTS_S,
        # Only where it is needed: there need not be a driver, and to load one takes a while.
        "connection_class": import_string(_TIMED_CONNECTION)(waits_for_answer(env)),
    }


def is_postgresql(database: dict[str, Any]) -> bool:
    """Whether it is PostgreSQL, and not SQLite."""
    return str(database["ENGINE"]).endswith("postgresql")


def _postgresql(env: Env) -> dict[str, Any]:
    """PostgreSQL, by itself or through a pooler that gives a client another connection for each transaction.

    To plan the rule takes PostgreSQL ten times as long as to ask it. With its values sent apart a statement is prepared when it
    comes again, and not planned for ever; through such a pooler it would be asked where it was never prepared.
    """
    database = cast("dict[str, Any]", dj_database_url.parse(env.database_url.get_secret_value()))
    options: dict[str, Any] = {
        "server_side_binding": True,
        # psycopg counts no less than two seconds.
        "connect_timeout": max(2, round(waits_for_connection(env))),
        **_CUT_OFF,
    }
    if env.database_pooler:
        database["DISABLE_SERVER_SIDE_CURSORS"] = True
        options["prepare_threshold"] = None
    else:
        options["prepare_threshold"] = 1
        options["options"] = " ".join(f"-c {name}={value}" for name, value in SESSION.items())
    database["OPTIONS"] = {**options, **database.get("OPTIONS", {}), **PRIMARY}
    database["CONN_MAX_AGE"], database["CONN_HEALTH_CHECKS"] = None, True
    return database


def _sqlite(env: Env) -> dict[str, Any]:
    """SQLite in the data folder.

    With synchronous=NORMAL two confirmed commits were lost in a simulated power cut. Unless a transaction is IMMEDIATE, a read
    that later writes meets "database is locked" at once.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": env.data / "beside.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
                "PRAGMA secure_delete=ON;PRAGMA journal_size_limit=67108864;"
            ),
        },
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": False,
    }
