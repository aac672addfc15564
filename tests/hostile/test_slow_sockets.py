"""Clients that connect, begin, and then do nothing. Ordinary readers are answered all the same.

No clock decides: an ordinary answer either comes, whole and with status 200, or it doesn't.
"""

from __future__ import annotations

import pytest

from tests.hostile.conftest import Place

# As many as once stopped everything, from several addresses, as a few strangers would.
SOCKETS, OF_ONE_ADDRESS = 134, 20
SENDERS = {
    "headers": "GET / HTTP/1.1\nX-Slow: ",
    "a form": (
        "POST /account/sign-in/ HTTP/1.1\nContent-Type: application/x-www-form-urlencoded\n"
        "Content-Length: 1000"
    ),
    "a large form": (
        "POST /share/ HTTP/1.1\nContent-Type: multipart/form-data; boundary=x\n"
        "Content-Length: 90000000"
    ),
    "a body of no kind": "POST / HTTP/1.1\nContent-Length: 1000",
}


def address(number: int) -> str:
    return f"127.0.2.{1 + number // OF_ONE_ADDRESS}"


def ordinary_readers_are_answered(place: Place) -> None:
    for path in place.told["ordinary"]:
        answer = place.ask("GET", path, cookie=place.told["cookie"])
        assert answer.status == 200, (path, answer.status, answer.data[:200])
        assert len(answer.data) == int(answer.headers["Content-Length"])


@pytest.mark.parametrize("kind", SENDERS)
def test_readers_are_answered_beside_sockets_that_send_two_bytes(place, kind):
    for number in range(SOCKETS):
        if kind == "headers":
            place.open_unfinished(SENDERS[kind], address=address(number))
        else:
            place.open(SENDERS[kind], b"a=", address=address(number))

    ordinary_readers_are_answered(place)


@pytest.mark.parametrize("kind", ["photograph", "original", "archive"])
def test_readers_are_answered_beside_readers_who_read_nothing(place, kind):
    slow = place.told["slow"]
    for number in range(SOCKETS):
        one = slow[number % len(slow)]
        place.open(
            f"GET {one[kind]} HTTP/1.1\nCookie: {one['cookie']}",
            address=address(number),
        )

    ordinary_readers_are_answered(place)


def test_readers_are_answered_beside_uploads_that_stall(place):
    slow = place.told["slow"][:-2]
    for number in range(SOCKETS):
        one = slow[number % len(slow)]
        place.open(
            f"PATCH {one['upload']} HTTP/1.1\nTus-Resumable: 1.0.0\nUpload-Offset: 0\n"
            f"Content-Type: application/offset+octet-stream\nCookie: {one['cookie']}\n"
            "Content-Length: 1000000",
            b"u" * 70_000,
            address=address(number),
        )

    ordinary_readers_are_answered(place)
