"""Django and delivery behind the front, as `beside serve` runs them, for people who mean no harm."""

from __future__ import annotations

import os

import pytest

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
    whole = place.whole(path, cookie=cookie)
    assert whole.status == 200, whole.data[:500]
    rest = place.ask(
        "GET", path, cookie=cookie, Range="bytes=2000000-", If_Range=whole.headers["ETag"]
    )
    told = place.ask("HEAD", path, cookie=cookie)

    assert (rest.status, told.status) == (206, 200)
    assert whole.data.startswith(b"PK")
    assert len(whole.data) == int(told.headers["Content-Length"]) > place.told["original_bytes"]
    assert rest.data == whole.data[2_000_000:]


def test_an_original_and_a_photograph_come_whole(place, reader):
    original = place.whole(reader["original"], cookie=reader["cookie"])
    told = place.ask("HEAD", reader["original"], cookie=reader["cookie"])
    photograph = place.whole(reader["photograph"], cookie=reader["cookie"])

    assert (original.status, len(original.data)) == (200, place.told["original_bytes"])
    assert (told.headers["Content-Length"], told.data) == (str(place.told["original_bytes"]), b"")
    assert (photograph.status, len(photograph.data)) == (200, 1_000_000)


def test_a_photograph_is_uploaded_in_one_long_request(place, uploader):
    path, tus = uploader["upload"], {"Tus-Resumable": "1.0.0"}
    first = os.urandom(700_000)
    taken = place.ask(
        "PATCH",
        path,
        cookie=uploader["cookie"],
        body=first,
        Content_Type=BYTES,
        Upload_Offset="0",
        **tus,
    )
    stands = place.ask("HEAD", path, cookie=uploader["cookie"], **tus)
    too_much = place.ask(
        "PATCH",
        path,
        cookie=uploader["cookie"],
        body=b"x" * 300_001,
        Content_Type=BYTES,
        Upload_Offset="700000",
        **tus,
    )
    last = place.ask(
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
