from __future__ import annotations

from select import select

import pytest

from tests.front.conftest import answer_on
from tests.serving import PATIENCE_S, until

FORM = "POST /read HTTP/1.1\nContent-Type: multipart/form-data; boundary=x"


def test_a_large_form_is_read_while_it_comes(server):
    answer = server.ask(
        "/read",
        method="POST",
        body=b"f" * 2_000_000,
        Content_Type="multipart/form-data; boundary=x",
    )

    assert (answer.status, answer.data) == (200, b"2000000")


@pytest.mark.thorough
def test_a_large_form_that_stalls_ends_with_what_came(hasty):
    opened = hasty.open(f"{FORM}\nContent-Length: 900000", b"f" * 1000)

    assert answer_on(opened).data == b"1000"


@pytest.mark.thorough
def test_pages_and_small_forms_go_on_while_large_forms_stall(server):
    stalled = [
        server.open(f"{FORM}\nContent-Length: 900000", b"f", address=f"203.0.113.{number}")
        for number in range(12)
    ]

    assert server.ask("/").data == b"a page"
    small = server.ask("/read", method="POST", body=b"f", Content_Type="multipart/form-data")
    assert small.data == b"1"
    # There is a thread for two; the others are asked to come again.
    until(lambda: len(select(stalled, [], [], PATIENCE_S)[0]) == 10)
    refused = select(stalled, [], [], 0)[0]
    assert {answer_on(opened).status for opened in refused} == {503}
    for opened in stalled:
        opened.close()
    until(lambda: read_large(server) == b"200000")


def read_large(server):
    large = server.ask(
        "/read", method="POST", body=b"f" * 200_000, Content_Type="multipart/form-data"
    )
    return large.data
