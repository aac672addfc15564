from __future__ import annotations

import pytest

from beside.front.environ import address_of
from beside.front.limits import AtOnce, Refused
from tests.front.conftest import answer_on
from tests.front.small import LIMITS

STALLS = "POST / HTTP/1.1\nContent-Length: 9"


class _Scope:
    client = "[::1]:4000"

    def __init__(self, forwarded: str | None) -> None:
        self.headers = {} if forwarded is None else {"x-forwarded-for": forwarded}


def test_one_address_has_only_so_many_requests_at_once(server):
    stalled = [server.open(STALLS, address="203.0.113.1") for _ in range(45)]

    refused = server.ask("/", address="203.0.113.1", Cookie="session=other")
    other = server.ask("/", address="203.0.113.2")

    assert refused.status == 429
    assert refused.headers["Retry-After"] == "5"
    assert other.status == 200
    assert {answer_on(opened).status for opened in stalled} == {408, 429}
    assert server.ask("/", address="203.0.113.1").status == 200


def test_one_person_has_only_so_many_requests_at_once_wherever_they_are(server):
    for number in range(LIMITS.person_at_once):
        server.open(f"{STALLS}\nCookie: session=busy", b"a", address=f"203.0.113.{number}")

    refused = server.open(f"{STALLS}\nCookie: x=1; session=busy", address="203.0.113.99")

    assert answer_on(refused).status == 429
    assert server.ask("/", Cookie="session=busier").status == 200


def test_what_is_done_is_counted_no_longer():
    at_once = AtOnce(2, 1)
    with at_once.one_more("a"), at_once.one_more("b"):
        with pytest.raises(Refused) as of_one:
            at_once.enter("a")
        with pytest.raises(Refused) as of_all:
            at_once.enter("c")
    at_once.enter("a")

    assert (of_one.value.status, of_all.value.status, at_once.total) == (429, 503, 1)


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
