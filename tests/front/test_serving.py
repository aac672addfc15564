"""Django and delivery behind the front, as `beside serve` runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from http.client import HTTPConnection

import pytest

from bench.start import BESIDE, environment, free_port, is_well
from tests.front.conftest import PATIENCE_S, until

BYTES = "application/offset+octet-stream"


class Place:
    """A served place, and two people in it, each with an original, an archive and an upload that has begun.

    `reader` only reads: what `uploader` sends is developed at any moment, and changes their archive.
    """

    def __init__(self, port: int, reader: dict[str, str], uploader: dict[str, str]) -> None:
        self.port = port
        self.reader = reader
        self.uploader = uploader

    def ask(self, method, path, *, body=None, by=None, **headers):
        asking = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        asking.request(method, path, body, {"Cookie": (by or self.reader)["cookie"], **sent})
        answer = asking.getresponse()
        answer.data = answer.read()
        asking.close()
        return answer


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    port = free_port()
    environ = environment(tmp_path_factory.mktemp("place"), port)
    environ.pop("DJANGO_SETTINGS_MODULE", None)
    making = [sys.executable, "-m", "bench.slow_place", "2", "3"]
    made = json.loads(
        subprocess.run(making, env=environ, check=True, stdout=subprocess.PIPE).stdout
    )
    with subprocess.Popen([BESIDE, "serve"], env=environ, stdout=subprocess.DEVNULL) as server:
        until(lambda: is_well(port))
        yield Place(port, *made["slow"])
        server.terminate()


def test_an_archive_comes_whole_and_goes_on_where_a_line_broke(place):
    path = place.reader["archive"]
    whole = place.ask("GET", path)
    assert whole.status == 200, whole.data[:500]
    rest = place.ask("GET", path, Range="bytes=2000000-", If_Range=whole.headers["ETag"])
    told = place.ask("HEAD", path)

    assert (rest.status, told.status) == (206, 200)
    assert whole.data.startswith(b"PK")
    assert len(whole.data) == int(told.headers["Content-Length"]) > 3 << 20
    assert rest.data == whole.data[2_000_000:]


def test_an_original_and_a_photograph_come_whole(place):
    original = place.ask("GET", place.reader["original"])
    told = place.ask("HEAD", place.reader["original"])
    photograph = place.ask("GET", place.reader["photograph"])

    assert (original.status, len(original.data)) == (200, 3 << 20)
    assert (told.headers["Content-Length"], told.data) == (str(3 << 20), b"")
    assert (photograph.status, len(photograph.data)) == (200, 1_000_000)


def test_a_photograph_is_uploaded_in_one_long_request(place):
    path, tus = place.uploader["upload"], {"Tus-Resumable": "1.0.0"}
    first = os.urandom(700_000)
    taken = place.ask(
        "PATCH", path, by=place.uploader, body=first, Content_Type=BYTES, Upload_Offset="0", **tus
    )
    stands = place.ask("HEAD", path, by=place.uploader, **tus)
    too_much = place.ask(
        "PATCH",
        path,
        by=place.uploader,
        body=b"x" * 300_001,
        Content_Type=BYTES,
        Upload_Offset="700000",
        **tus,
    )
    last = place.ask(
        "PATCH",
        path,
        by=place.uploader,
        body=b"x" * 300_000,
        Content_Type=BYTES,
        Upload_Offset="700000",
        **tus,
    )

    assert (taken.status, taken.headers["Upload-Offset"]) == (204, "700000")
    assert stands.headers["Upload-Offset"] == "700000"
    assert too_much.status == 413
    assert (last.status, last.headers["Upload-Offset"]) == (204, "1000000")
