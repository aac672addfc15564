from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from beside.front.bodies import Body, Collecting
from beside.front.limits import Limits, Refused
from tests.front.conftest import answer_on

FORM = "Content-Type: application/x-www-form-urlencoded"


def test_a_small_body_is_read_before_the_application_is_called(server):
    answer = server.ask("/read", method="POST", body=b"a" * 50_000)

    assert (answer.status, answer.data) == (200, b"50000")


def test_a_connection_goes_on_after_a_body(server):
    opened = server.open(f"POST /read HTTP/1.1\n{FORM}\nContent-Length: 5", b"abcde")
    first = answer_on(opened)
    opened.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")

    assert (first.data, answer_on(opened).data) == (b"5", b"a page")


@pytest.mark.thorough
def test_bodies_that_stall_are_ended_and_the_application_never_hears_of_them(hasty):
    stalled = [
        hasty.open(
            "POST /stalled HTTP/1.1\nContent-Length: 100", b"ab", address=f"203.0.113.{number}"
        )
        for number in range(100)
    ]

    answers = [answer_on(opened) for opened in stalled]

    assert {answer.status for answer in answers} == {408}
    assert b"too slowly" in answers[0].data
    assert "POST /stalled" not in hasty.counts()


def test_pages_answer_while_more_bodies_stall_than_there_are_threads(server):
    for number in range(100):
        server.open("POST / HTTP/1.1\nContent-Length: 9", b"ab", address=f"203.0.113.{number}")

    assert server.ask("/").data == b"a page"


def test_a_body_that_is_shorter_than_it_says_is_not_taken(server):
    opened = server.open("POST /short HTTP/1.1\nContent-Length: 100", b"ab")
    opened.shutdown(1)

    opened.recv(1)

    assert "POST /short" not in server.counts()


def test_a_body_that_is_longer_than_it_says_is_not_taken_for_more(server):
    opened = server.open("POST /read HTTP/1.1\nContent-Length: 3", b"abcdef")

    assert answer_on(opened).data == b"3"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ("Transfer-Encoding: chunked", 411),
        ("Content-Length: -1", 400),
        ("Content-Length: 4\nContent-Length: 5", 400),
        ("Content-Length: 99999999", 413),
        (f"{FORM}\nContent-Length: 100001", 413),
    ],
)
def test_a_length_that_cannot_be_is_refused_before_a_byte_is_read(server, headers, status):
    opened = server.open(f"POST /read HTTP/1.1\n{headers}")

    assert answer_on(opened).status == status


def test_what_bodies_that_come_at_once_keep_is_forgotten_when_they_have_ended():
    """A count that only grew would refuse whatever came after some hundred megabytes, until the process was restarted."""
    limits = Limits(bodies_bytes=100_000)

    async def slowly(goes_on: asyncio.Event) -> AsyncIterator[bytes]:
        yield b"a" * 1000
        await goes_on.wait()
        yield b"b" * 1000

    async def several_times() -> set[Refused | None]:
        collecting, problems = Collecting(limits), set()
        for _ in range(5):
            signs = [asyncio.Event() for _ in range(40)]
            bodies = [Body(slowly(sign), 2000, limits) for sign in signs]
            collected = [asyncio.create_task(collecting.up_to(2000, body)) for body in bodies]
            for sign in signs:
                await asyncio.sleep(0)
                sign.set()
            await asyncio.gather(*collected)
            problems |= {body.problem for body in bodies}
        return problems

    assert asyncio.run(several_times()) == {None}


def test_a_client_that_asks_first_is_told_to_go_on_or_not(server):
    taken = server.open("POST /read HTTP/1.1\nExpect: 100-continue\nContent-Length: 3")
    assert taken.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
    taken.sendall(b"abc")
    refused = server.open("POST /read HTTP/1.1\nExpect: 100-continue\nContent-Length: 99999999")

    assert answer_on(taken).data == b"3"
    assert answer_on(refused).status == 413


def test_no_header_passes_for_what_a_proxy_or_the_front_says(server):
    answer = server.ask(
        "/environ?a=%20b",
        X_Real="1",
        **{"X_Forwarded_For_": "6.6.6.6", "beside.announced-bytes": "9", "Cookie": "session=x"},
    )
    opened = server.open("GET /environ HTTP/1.1\nX_Forwarded_Proto: https\nA: é")

    said, underscored = json.loads(answer.data), json.loads(answer_on(opened).data)
    assert said["QUERY_STRING"] == "a=%20b"
    assert said["HTTP_X_FORWARDED_FOR"] == "198.51.100.1"
    assert said["HTTP_COOKIE"] == "session=x"
    assert "beside.announced_bytes" not in said
    assert "HTTP_X_FORWARDED_PROTO" not in underscored
    assert underscored["HTTP_HOST"] == "localhost"


def test_an_address_of_any_bytes_is_handed_on(server):
    opened = server.open("GET /%ff%fe?q=é HTTP/1.1")
    named = server.ask("/environ?q=%C3%A9")

    assert answer_on(opened).data == b"a page"
    assert json.loads(named.data)["QUERY_STRING"] == "q=%C3%A9"


def test_what_the_application_raises_is_one_plain_sentence(server):
    answer = server.ask("/fails")

    assert answer.status == 500
    assert answer.data == b"Something went wrong here. Please try again.\n"
