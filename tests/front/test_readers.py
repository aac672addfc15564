from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.front.conftest import all_streams_are_closed, answer_on
from tests.front.small import PHOTOGRAPH, PIECE, PIECES
from tests.serving import until

# The state of an open connection in Linux's /proc/net/tcp.
ESTABLISHED = "01"


def slowly(server, path, number, session=""):
    """A reader who asks, and takes nothing of the answer."""
    opened = socket.socket()
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    opened.connect(("127.0.0.1", server.port))
    server.opened.append(opened)
    cookie = f"Cookie: session={session}\r\n" if session else ""
    asked = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{cookie}"
    opened.sendall(f"{asked}X-Forwarded-For: 203.0.113.{number}\r\n\r\n".encode())
    return opened


def leave(readers):
    """Have them go once their answers have begun: sooner it's noticed only when the stream stalls, and on a patient server none does."""
    assert all(one.recv(1) for one in readers)
    for one in readers:
        one.close()


def is_cut_short(opened, size):
    """Whether the server ends the connection before an answer of `size` bytes is whole."""
    opened.settimeout(60)
    read = 0
    try:
        while got := opened.recv(1 << 20):
            read += len(got)
    except ConnectionResetError:
        pass
    return read < size


def is_ended(opened):
    """Whether the server has shut the connection down, as Linux tells it before anything is read."""
    ours, servers = (f":{name[1]:04X}" for name in (opened.getsockname(), opened.getpeername()))
    rows = [line.split() for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]]
    return not any(
        row[1].endswith(servers) and row[2].endswith(ours) and row[3] == ESTABLISHED for row in rows
    )


def test_what_is_streamed_comes_whole(server):
    answer = server.ask("/stream")

    assert answer.data == PIECE * PIECES


def test_a_short_stream_comes_in_one_go(server):
    closed = server.counts().get("streams closed", 0)

    answer = server.ask("/short-stream")

    assert (answer.status, answer.data, answer.headers["Content-Length"]) == (200, b"", "0")
    until(lambda: server.counts()["streams closed"] > closed)


def test_only_the_headers_are_sent_where_only_they_are_asked_for(server):
    streamed, photograph = server.ask("/stream", method="HEAD"), server.ask("/p/1", method="HEAD")
    counts = server.counts()

    assert counts["streams begun"] == counts["streams closed"]
    assert int(streamed.headers["Content-Length"]) == len(PIECE) * PIECES
    assert (streamed.data, photograph.status, photograph.data) == (b"", 200, b"")


def test_pages_photographs_and_streams_go_on_while_readers_of_streams_stall(server):
    begun = server.counts().get("streams begun", 0)
    stalled = [slowly(server, "/stream", number) for number in range(5)]
    until(lambda: server.counts().get("streams begun", 0) >= begun + 5)

    assert server.ask("/").data == b"a page"
    assert server.ask("/p/1").data == PHOTOGRAPH
    assert server.ask("/stream").data == PIECE * PIECES
    leave(stalled)
    until(lambda: all_streams_are_closed(server))


@pytest.mark.thorough
def test_readers_of_streams_who_stall_are_ended(hasty):
    stalled = [slowly(hasty, "/stream", number) for number in range(5)]
    until(lambda: hasty.counts().get("streams begun", 0) == 5)

    until(lambda: all_streams_are_closed(hasty))
    assert all(is_cut_short(opened, PIECES * len(PIECE)) for opened in stalled)


def test_pages_are_answered_while_downloads_take_long_to_begin(server):
    opened = [slowly(server, "/stream-hangs", number) for number in range(5)]
    until(lambda: server.counts().get("GET /stream-hangs"))

    assert server.ask("/").data == b"a page"
    server.ask("/goes-on")
    until(lambda: server.counts()["GET /stream-hangs"] == 5)
    leave(opened)
    until(lambda: all_streams_are_closed(server))


def test_a_stream_that_fails_before_its_first_piece_is_an_error_and_no_download(server):
    assert server.ask("/stream-broken").status == 500
    until(lambda: all_streams_are_closed(server))


def test_one_person_has_only_so_many_streams_at_once(server):
    before = server.counts().get("GET /stream", 0)
    begun = server.counts().get("streams begun", 0)
    greedy = [slowly(server, "/stream", number, session="greedy") for number in range(3)]
    until(lambda: server.counts()["streams begun"] == begun + 3)

    assert server.ask("/stream", address="203.0.113.77", Cookie="session=greedy").status == 429
    # What a download takes to begin isn't spent on one that is refused.
    assert server.counts()["GET /stream"] == before + 3
    assert server.ask("/stream", address="203.0.113.77", Cookie="session=modest").status == 200
    leave(greedy)


def test_a_stream_whose_reader_goes_is_closed(server):
    opened = slowly(server, "/stream", 1)
    opened.recv(1000)
    opened.close()

    until(lambda: all_streams_are_closed(server))


@pytest.mark.thorough
def test_others_get_their_photograph_while_readers_take_nothing_of_theirs(server):
    for number in range(8):
        slowly(server, "/p/1", number)

    assert server.ask("/p/1", address="203.0.113.88").data == PHOTOGRAPH
    assert server.ask("/").data == b"a page"


@pytest.mark.thorough
def test_readers_who_take_nothing_of_a_photograph_are_ended(hasty):
    stalled = [slowly(hasty, "/p/1", number) for number in range(2)]

    # A reader who begins to read before it is ended gets the photograph, and rightly.
    until(lambda: all(is_ended(opened) for opened in stalled))
    assert all(is_cut_short(opened, len(PHOTOGRAPH)) for opened in stalled)


@pytest.mark.thorough
def test_whoever_took_nothing_of_a_photograph_gets_none_for_a_while_but_pages(hasty):
    stalled = slowly(hasty, "/p/1", 1, session="stalls")
    until(lambda: is_ended(stalled))

    assert hasty.ask("/p/1", Cookie="session=stalls").status == 429
    assert hasty.ask("/", Cookie="session=stalls").status == 200
    assert hasty.ask("/p/1", Cookie="session=reads").status == 200


def test_a_connection_is_used_for_many_photographs(server):
    opened = server.open("GET /p/1 HTTP/1.1")
    assert answer_on(opened).data == PHOTOGRAPH
    for _ in range(4):
        opened.sendall(b"GET /p/1 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert answer_on(opened).data == PHOTOGRAPH
