from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import suppress
from select import select
from subprocess import PIPE

import pytest

from beside.front.connections import crowding, cut, unsent
from beside.front.environ import LONGEST_HEADER, address_of
from beside.front.limits import AtOnce, ComeAgain, Refused
from tests.front.conftest import answer_on
from tests.front.small import LIMITS
from tests.serving import PATIENCE_S, until

STALLS = "POST / HTTP/1.1\nContent-Length: 9"


class _Scope:
    client = "[::1]:4000"

    def __init__(self, forwarded: str | None) -> None:
        self.headers = {} if forwarded is None else {"x-forwarded-for": forwarded}


def test_one_address_has_only_so_many_requests_at_once(server):
    stalled = [server.open(STALLS, address="203.0.113.1") for _ in range(45)]
    until(lambda: len(select(stalled, [], [], PATIENCE_S)[0]) == 45 - LIMITS.address_at_once)

    refused = server.ask("/", address="203.0.113.1", Cookie="session=other")
    other = server.ask("/", address="203.0.113.2")

    assert refused.status == 429
    assert refused.headers["Retry-After"] == "5"
    assert other.status == 200
    for opened in stalled:
        opened.close()
    until(lambda: server.ask("/", address="203.0.113.1").status == 200)


def test_one_person_has_only_so_many_requests_at_once_wherever_they_are(server):
    for number in range(LIMITS.person_at_once):
        server.open(f"{STALLS}\nCookie: session=busy", b"a", address=f"203.0.114.{number}")

    refused = server.open(f"{STALLS}\nCookie: x=1; session=busy", address="203.0.113.99")

    assert answer_on(refused).status == 429
    assert server.ask("/", Cookie="session=busier").status == 200


def test_whoever_reads_waits_for_nobody_who_writes(server):
    writing = [
        server.open("POST /write HTTP/1.1\nContent-Length: 1", b"a", address=f"203.0.115.{number}")
        for number in range(LIMITS.page_threads + LIMITS.write_threads + 1)
    ]
    until(lambda: server.counts().get("POST /write", 0) == LIMITS.write_threads)

    read = server.ask("/", address="203.0.113.3")

    assert read.status == 200
    assert server.counts()["POST /write"] == LIMITS.write_threads
    assert server.ask("/write", address="203.0.113.4").status == 200
    assert [answer_on(opened).status for opened in writing] == [200] * len(writing)


def test_a_header_that_takes_long_to_read_is_refused_before_it_is_read(server):
    longest = ";" * LONGEST_HEADER

    assert server.ask("/", Accept=longest).status == 200
    assert server.ask("/", Accept=f"{longest};").status == 431
    assert server.ask("/", method="POST", body=b"a", Content_Type=f"{longest};").status == 431
    assert server.ask("/", Cookie="a=" + "b" * (2 * LONGEST_HEADER)).status == 200


def test_a_header_in_two_parts_is_as_long_as_both(server):
    half = f"Accept: {';' * (LONGEST_HEADER // 2 + 1)}"

    refused = server.open(f"GET / HTTP/1.1\n{half}\n{half}")

    assert answer_on(refused).status == 431


def test_what_is_done_is_counted_no_longer():
    at_once = AtOnce(2, 1)
    with at_once.one_more("a"), at_once.one_more("b"):
        with pytest.raises(Refused) as of_one:
            at_once.enter("a")
        with pytest.raises(Refused) as of_all:
            at_once.enter("c")
    at_once.enter("a")

    assert (of_one.value.status, of_all.value.status, at_once.total) == (429, 503, 1)


def test_whoever_comes_again_too_soon_is_refused_at_once():
    again, refused = ComeAgain(), Refused(429, "Later.", retry_after=5)
    again.tell("rose", "/archive", refused, now=100)

    with pytest.raises(Refused):
        again.require_later("rose", "/archive", now=104)
    again.require_later("rose", "/other", now=104)
    again.require_later("tom", "/archive", now=104)
    again.require_later("rose", "/archive", now=105)


def test_connections_of_one_address_beyond_the_most_are_too_many():
    clients = ["192.0.2.1:1", "192.0.2.2:1", "192.0.2.1:2", "[::1]:1", "192.0.2.1:3"]

    assert crowding(clients, most=2) == {"192.0.2.1:3"}


def test_what_the_kernel_still_has_to_send_is_found_and_can_be_cut():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client, listening.accept()[0] as ours:
            name = f"127.0.0.1:{client.getsockname()[1]}"
            ours.setblocking(False)  # noqa: FBT003
            with suppress(BlockingIOError):
                while True:
                    ours.send(b"x" * 65_536)

            assert unsent(port)[name] > 0
            cut(port, {"127.0.0.1:1"})
            assert ours.send(b"") == 0
            cut(port, {name})
            with pytest.raises(OSError, match="pipe"):
                ours.send(b"x")


def test_looking_through_connections_keeps_the_locks_on_the_database(tmp_path):
    """A process that closes any descriptor of a file loses all its locks on it (POSIX), and SQLite is not told."""
    database = tmp_path / "database"
    holds_lock, told = sqlite3.connect(database, isolation_level=None), "import sqlite3, sys\n"
    told += (
        "sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None).execute('BEGIN IMMEDIATE')"
    )
    holds_lock.execute("PRAGMA journal_mode=WAL")
    holds_lock.execute("BEGIN IMMEDIATE")

    unsent(1)
    cut(1, {"127.0.0.1:1"})

    other = subprocess.run([sys.executable, "-c", told, database], stderr=PIPE, text=True)
    assert "database is locked" in other.stderr
    holds_lock.close()


def test_a_file_that_takes_a_sockets_number_meanwhile_is_never_closed(tmp_path, monkeypatch):
    file = (tmp_path / "file").open("w")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        copies = []
        monkeypatch.setattr(os, "dup", lambda _: copies.append(os.open(file.name, 0)) or copies[-1])

        unsent(listening.getsockname()[1])

    assert copies
    for copy in copies:
        os.close(copy)  # Raises where it is closed already.
    file.close()


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        (None, 0, "[::1]"),
        ("1.1.1.1", 0, "[::1]"),
        (None, 1, "[::1]"),
        ("1.1.1.1, 2.2.2.2", 1, "2.2.2.2"),
        ("1.1.1.1, 2.2.2.2", 2, "1.1.1.1"),
        ("1.1.1.1, 2.2.2.2", 3, "[::1]"),
        ("1.1.1.1, ", 1, "[::1]"),
    ],
)
def test_an_address_is_what_the_outermost_trusted_proxy_saw(forwarded, proxies, address):
    assert address_of(_Scope(forwarded), trusted_proxies=proxies) == address
