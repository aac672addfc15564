"""Django and delivery behind the front, as `beside serve` runs them, for people who mean no harm."""

from __future__ import annotations

import os
import socket
from http.client import HTTPResponse

import pytest

from tests.hostile.conftest import CSRF

BYTES = "application/offset+octet-stream"


@pytest.fixture
def reader(place):
    """Somebody who only reads: what an uploader sends is developed at any moment, and changes their archive."""
    return place.told["slow"][-1]


@pytest.fixture
def uploader(place):
    return place.told["slow"][-2]


def test_an_archive_comes_whole_and_goes_on_where_a_line_broke(place, reader):
    path, cookie = reader["archive"], reader["cookie"]
    whole = place.ask_patiently("GET", path, cookie=cookie)
    assert whole.status == 200, whole.data[:500]
    rest = place.ask_patiently(
        "GET", path, cookie=cookie, Range="bytes=2000000-", If_Range=whole.headers["ETag"]
    )
    told = place.ask_patiently("HEAD", path, cookie=cookie)

    assert (rest.status, told.status) == (206, 200)
    assert whole.data.startswith(b"PK")
    assert len(whole.data) == int(told.headers["Content-Length"]) > place.told["original_bytes"]
    assert rest.data == whole.data[2_000_000:]


def test_an_original_and_a_photograph_come_whole(place, reader):
    original = place.ask_patiently("GET", reader["original"], cookie=reader["cookie"])
    told = place.ask_patiently("HEAD", reader["original"], cookie=reader["cookie"])
    photograph = place.ask_patiently("GET", reader["photograph"], cookie=reader["cookie"])

    assert (original.status, len(original.data)) == (200, place.told["original_bytes"])
    assert (told.headers["Content-Length"], told.data) == (str(place.told["original_bytes"]), b"")
    assert (photograph.status, len(photograph.data)) == (200, 1_000_000)


def test_a_photograph_is_uploaded_in_one_long_request(place, uploader):
    path, tus = uploader["upload"], {"Tus-Resumable": "1.0.0"}
    first = os.urandom(700_000)
    taken = place.ask_patiently(
        "PATCH",
        path,
        cookie=uploader["cookie"],
        body=first,
        Content_Type=BYTES,
        Upload_Offset="0",
        **tus,
    )
    stands = place.ask_patiently("HEAD", path, cookie=uploader["cookie"], **tus)
    too_much = place.ask_patiently(
        "PATCH",
        path,
        cookie=uploader["cookie"],
        body=b"x" * 300_001,
        Content_Type=BYTES,
        Upload_Offset="700000",
        **tus,
    )
    last = place.ask_patiently(
        "PATCH",
        path,
        cookie=uploader["cookie"],
        body=b"x" * 300_000,
        Content_Type=BYTES,
        Upload_Offset="700000",
        **tus,
    )

    assert (taken.status, taken.headers["Upload-Offset"]) == (204, "700000")
    assert stands.headers["Upload-Offset"] == "700000"
    assert too_much.status == 413
    assert (last.status, last.headers["Upload-Offset"]) == (204, "1000000")


def test_a_long_form_whose_line_breaks_keeps_the_photographs_that_came_whole(place, uploader):
    before = b"--x\r\nContent-Disposition: form-data; "
    form = before + b'name="csrfmiddlewaretoken"\r\n\r\n%s\r\n' % CSRF.encode()
    form += before + b'name="photographs"; filename="whole.jpg"\r\n\r\n%s\r\n' % (b"a" * 3_000_000)
    form += before + b'name="photographs"; filename="broken.jpg"\r\n\r\n%s' % (b"b" * 1_000_000)
    with place.open(
        "POST /drawer/ HTTP/1.1\nContent-Type: multipart/form-data; boundary=x\n"
        f"Content-Length: 9000000\nCookie: {uploader['cookie']}; csrf={CSRF}",
        form,
    ) as opened:
        opened.shutdown(socket.SHUT_WR)
        answer = HTTPResponse(opened)
        answer.begin()
        said = answer.read().decode()

    assert answer.status == 200, said[:500]
    assert "broken.jpg" in said
    assert "whole.jpg" not in said
    assert "The others are here and safe" in said
