"""Clients that lie about how much they send, what comes first, and what a file is."""

from __future__ import annotations

import socket
from base64 import b64encode

import pytest

from tests.front.conftest import answer_on

TUS = "application/offset+octet-stream"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def rose(place) -> str:
    return place.told["rose"]["cookie"]


@pytest.fixture
def still_well(place):
    """Whatever the test sent, the place answers afterwards."""
    yield
    assert place.ask_patiently("GET", "/help").status == 200


pytestmark = pytest.mark.usefixtures("still_well")


@pytest.mark.parametrize(
    ("headers", "body", "statuses"),
    [
        ("Content-Length: 2", b"a=bcdef", {400}),
        ("Content-Length: 2\nContent-Length: 7", b"a=bcdef", {400}),
        ("Content-Length: -1", b"a=b", {400}),
        ("Content-Length: +3", b"a=b", {400}),
        ("Content-Length: 3, 3", b"a=b", {400}),
        ("Content-Length: 0x3", b"a=b", {400}),
        ("Content-Length: 99999999999999999999999", b"a=b", {400}),
        ("Content-Length: 9999999999999", b"a=b", {413}),
        ("Transfer-Encoding: chunked\nContent-Length: 3", b"3\r\na=b\r\n0\r\n\r\n", {400, 411}),
        ("Transfer-Encoding: chunked", b"3\r\na=b\r\n0\r\n\r\n", {411}),
        ("Transfer-Encoding: gzip, chunked", b"3\r\na=b\r\n0\r\n\r\n", {400, 411, 501}),
        ("Transfer-Encoding: chunked, identity", b"zzz\r\n", {400, 411, 501}),
    ],
)
def test_a_length_that_lies_is_refused_or_believed_to_the_byte(place, headers, body, statuses):
    opened = place.open(f"POST /account/sign-in/ HTTP/1.1\nContent-Type: {FORM}\n{headers}", body)

    assert answer_on(opened).status in statuses


def test_a_body_that_ends_before_its_length_changes_nothing(place, rose):
    circles = place.ask("GET", "/circles/", cookie=rose).data.count(b"Whole family")
    opened = place.open(
        f"POST /circles/ HTTP/1.1\nContent-Type: {FORM}\nContent-Length: 500\n"
        f"Cookie: {rose}; csrf={'c' * 32}",
        f"name=Whole+family&csrfmiddlewaretoken={'c' * 32}".encode(),
    )
    opened.shutdown(socket.SHUT_WR)
    opened.recv(1)

    assert place.ask("GET", "/circles/", cookie=rose).data.count(b"Whole family") == circles


def begin(place, cookie, length, **headers):
    return place.ask_patiently(
        "POST", "/uploads/", cookie=cookie, Tus_Resumable="1.0.0", Upload_Length=length, **headers
    )


def go_on(place, cookie, path, body, offset, **headers):
    sent = {"Tus_Resumable": "1.0.0", "Upload_Offset": offset, "Content_Type": TUS, **headers}
    return place.ask_patiently("PATCH", path, cookie=cookie, body=body, **sent)


def offset_of(place, cookie, path):
    return place.ask_patiently("HEAD", path, cookie=cookie, Tus_Resumable="1.0.0").headers[
        "Upload-Offset"
    ]


@pytest.mark.parametrize(
    ("length", "status"),
    [
        ("0", 400),
        ("-1", 400),
        ("1e3", 400),
        ("1.5", 400),
        ("", 400),
        ("\u0661".encode().decode("latin-1"), 400),
        ("9" * 19, 413),
        ("9" * 20, 400),
        ("9" * 5000, 400),
    ],
)
def test_an_upload_of_an_impossible_length_does_not_begin(place, rose, length, status):
    assert begin(place, rose, length).status == status


def test_an_upload_takes_no_byte_beyond_the_length_that_it_said(place, rose):
    path = begin(place, rose, "1000").headers["Location"]

    assert go_on(place, rose, path, b"x" * 1001, "0").status == 413
    assert offset_of(place, rose, path) == "0"
    assert go_on(place, rose, path, b"x" * 600, "0").status == 204
    assert go_on(place, rose, path, b"x" * 401, "600").status == 413
    assert offset_of(place, rose, path) == "600"


def test_an_upload_goes_on_nowhere_but_where_it_is(place, rose):
    path = begin(place, rose, "1000").headers["Location"]
    go_on(place, rose, path, b"x" * 100, "0")

    said = ["0", "99", "101", "1000", "1001", "-100", "", "100, 100", "9" * 19, "9" * 400]
    statuses = [go_on(place, rose, path, b"y" * 10, offset).status for offset in said]

    assert set(statuses) <= {400, 409, 413}
    assert offset_of(place, rose, path) == "100"


def test_an_upload_whose_body_is_shorter_than_it_says_keeps_what_came(place, rose):
    path = begin(place, rose, "1000").headers["Location"]
    opened = place.open(
        f"PATCH {path} HTTP/1.1\nTus-Resumable: 1.0.0\nUpload-Offset: 0\nContent-Type: {TUS}\n"
        f"Content-Length: 900\nCookie: {rose}",
        b"x" * 300,
    )
    opened.shutdown(socket.SHUT_WR)
    opened.recv(1)

    assert offset_of(place, rose, path) in ("0", "300")
    rest = int(offset_of(place, rose, path))
    assert go_on(place, rose, path, b"x" * (900 - rest), str(rest)).status == 204


def test_nobody_goes_on_with_the_upload_of_another(place, rose):
    path = begin(place, rose, "1000").headers["Location"]

    answer = go_on(place, place.told["iris"]["cookie"], path, b"x" * 1000, "0")

    assert answer.status == 404
    assert offset_of(place, rose, path) == "0"


@pytest.mark.parametrize(
    "metadata",
    [
        "," * 7000,
        ", " * 3500,
        " " * 7000,
        "filename " * 700,
        "filename " + "=" * 6000,
        "filename " + b64encode(b"a/" * 2500).decode(),
        ",".join(f"k{number} YQ==" for number in range(700)),
        "filename " + b64encode("\u202e\u0301".encode() * 900).decode(),
    ],
)
def test_metadata_of_any_shape_is_answered(place, rose, metadata):
    assert begin(place, rose, "10", Upload_Metadata=metadata).status in (201, 400, 431)
