from __future__ import annotations

import asyncio
import time
from select import select

import pytest

from beside.front.answers import Answer
from beside.front.bodies import Body, Collecting
from beside.front.limits import Limits
from beside.front.uploads import Uploads
from tests.front.conftest import answer_on
from tests.serving import PATIENCE_S, until

BYTES = "application/offset+octet-stream"
CREATE = f"POST /upload HTTP/1.1\nContent-Type: {BYTES}"
GO_ON = f"PATCH /upload HTTP/1.1\nContent-Type: {BYTES}"


@pytest.fixture
def upload(server):
    """An upload that has begun, with one byte of it here."""
    yield begun(server)
    # What a client of this test had sent last is still handed on, and isn't the next test's.
    server.close()
    before = -1
    while (now := server.counts()["uploaded"]) != before:
        before = now
        time.sleep(0.2)


def begun(server):
    answer_on(server.open(f"{CREATE}\nContent-Length: 1", b"-"))
    return server


def test_a_long_body_is_handed_on_in_pieces_of_which_each_says_what_is_to_come(upload):
    answer = upload.ask(
        "/upload", method="PATCH", body=b"x" * 9999, Content_Type=BYTES, Upload_Offset="1"
    )
    counts = upload.counts()

    assert (answer.status, answer.headers["Upload-Offset"]) == (204, "10000")
    assert counts["uploaded"] == 10_000
    # The second piece ends where a segment does.
    assert counts["announced"][1] == 9999
    assert sorted(counts["announced"], reverse=True)[:2] == counts["announced"][1:3]


def test_what_comes_with_a_creation_goes_on_at_its_own_address(server):
    opened = server.open(f"{CREATE}\nContent-Length: 9000", b"x" * 9000)
    answer = answer_on(opened)

    assert (answer.status, answer.headers["Upload-Offset"]) == (201, "9000")
    assert answer.headers["Location"] == "/upload"
    assert server.counts()["uploaded"] == 9000


@pytest.mark.thorough
def test_an_upload_that_stalls_keeps_what_came_and_goes_on_later(hasty):
    upload = begun(hasty)
    stalled = upload.open(f"{GO_ON}\nUpload-Offset: 1\nContent-Length: 9000", b"y" * 5000)

    assert answer_on(stalled).status == 408
    assert upload.counts()["uploaded"] == 5001
    rest = upload.ask(
        "/upload", method="PATCH", body=b"y" * 4000, Content_Type=BYTES, Upload_Offset="5001"
    )
    assert (rest.status, upload.counts()["uploaded"]) == (204, 9001)


def test_an_upload_whose_line_breaks_keeps_what_came(upload):
    broken = upload.open(f"{GO_ON}\nUpload-Offset: 1\nContent-Length: 9000", b"y" * 500)
    broken.close()

    until(lambda: upload.counts()["uploaded"] == 501)


def test_pieces_end_where_the_application_refuses_one(upload):
    answer = upload.ask(
        "/upload", method="PATCH", body=b"x" * 9000, Content_Type=BYTES, Upload_Offset="7"
    )

    assert (answer.status, upload.counts()["uploaded"]) == (409, 1)


def test_pages_and_uploads_go_on_while_uploads_stall(upload):
    """More than there are slots and threads, from many addresses, and none with a first piece."""
    for number in range(60):
        upload.open(
            f"{GO_ON}\nUpload-Offset: 1\nContent-Length: 900", b"z", address=f"203.0.113.{number}"
        )

    answer = upload.ask(
        "/upload", method="PATCH", body=b"x" * 3000, Content_Type=BYTES, Upload_Offset="1"
    )

    assert (answer.status, upload.ask("/").data) == (204, b"a page")


def test_one_person_has_only_so_many_uploads_at_once(upload):
    cookie = "Cookie: session=greedy"
    begun = 0
    opened = []
    for number in range(4):
        one = upload.open(
            f"{GO_ON}\n{cookie}\nUpload-Offset: {1 + begun}\nContent-Length: 9000",
            b"z" * 1000,
            address=f"203.0.113.{number}",
        )
        begun += 1000
        until(lambda: upload.counts()["uploaded"] == 1 + begun)  # noqa: B023
        opened.append(one)

    refused = select(opened, [], [], PATIENCE_S)[0]

    assert refused == opened[3:]
    assert answer_on(refused[0]).status == 429


@pytest.mark.parametrize("offset", ["", "-1", "+1", "1, 1", "one", "9" * 5000])
def test_an_offset_that_is_no_number_is_the_applications_to_refuse(upload, offset):
    answer = upload.ask(
        "/upload", method="PATCH", body=b"x", Content_Type=BYTES, Upload_Offset=offset
    )

    assert (answer.status, upload.counts()["uploaded"]) == (400, 1)


async def chunks_of(data, size):
    for start in range(0, len(data), size):
        yield data[start : start + size]


def accepted(environ):
    offset = int(environ.get("HTTP_UPLOAD_OFFSET", "0")) + int(environ["CONTENT_LENGTH"])
    return Answer(204, [("Upload-Offset", str(offset))], b"")


def test_pieces_that_wait_for_a_thread_count_as_kept_in_memory():
    limits = Limits(bodies_bytes=1000, first_piece_bytes=600, piece_bytes=600)
    problems = []

    async def beside_a_piece_that_waits():
        collecting = Collecting(limits)

        async def ask(environ):
            other = Body(chunks_of(b"o" * 500, 100), 500, limits)
            await collecting.up_to(500, other)
            problems.append(other.problem and other.problem.status)
            return accepted(environ)

        body = Body(chunks_of(b"x" * 600, 100), 600, limits)
        await Uploads(limits, collecting).hand_on({}, body, person="one", ask_first=ask, ask=ask)
        later = Body(chunks_of(b"o" * 1000, 100), 1000, limits)
        await collecting.up_to(1000, later)
        problems.append(later.problem)

    asyncio.run(beside_a_piece_that_waits())

    # While 600 wait, 500 more are too much. Afterwards there is room for the whole again.
    assert problems == [503, None]


def test_only_an_upload_whose_first_piece_was_taken_gets_to_the_threads_of_uploads():
    limits = Limits(first_piece_bytes=100, piece_bytes=400)
    asked = []

    async def handed_on():
        async def ask_first(environ):
            asked.append(("first", environ["CONTENT_LENGTH"]))
            return accepted(environ)

        async def ask(environ):
            asked.append(("later", environ["CONTENT_LENGTH"]))
            return accepted(environ)

        body = Body(chunks_of(b"x" * 1000, 100), 1000, limits)
        uploads = Uploads(limits, Collecting(limits))
        await uploads.hand_on({}, body, person="one", ask_first=ask_first, ask=ask)

    asyncio.run(handed_on())

    assert asked == [("first", "100"), ("later", "300"), ("later", "400"), ("later", "200")]
