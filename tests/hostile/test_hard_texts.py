"""Texts that take a careless parser minutes, sent to a served place. Each is answered, and so is everybody else.

How a parser's time grows is measured by `bench.parsers`. Here a parser that grows with the square of its
text would not answer within any patience.
"""

from __future__ import annotations

import pytest

HEADERS = {
    "Accept": "text/html;q=0.1," * 400,
    "Accept-Language": "de-de-de-de;q=0.5, " * 300,
    "Cookie": "a=b; " * 1200,
    "cookies of quotes": '"\\"' * 1500,
    "Range": "bytes=" + "0-1," * 1200,
    "If-None-Match": '"' * 6000,
    "X-Forwarded-For": "127.0.0.1, " * 500,
    "Content-Type": "multipart/form-data; " + 'boundary="' * 500,
    "User-Agent": "Mozilla/5.0 (" * 400,
}


def test_letters_of_a_million_hard_characters_are_shown(place):
    cookie = place.told["rose"]["cookie"]

    statuses = [place.ask("GET", path, cookie=cookie).status for path in place.told["letters"]]

    assert statuses == [200] * len(place.told["letters"])


@pytest.mark.parametrize("name", HEADERS)
def test_headers_of_any_shape_are_answered(place, name):
    header = "Cookie" if name.startswith("cookies") else name
    opened = place.open(f"GET /help HTTP/1.1\n{header}: {HEADERS[name]}\nConnection: close")

    assert opened.recv(13) in (b"HTTP/1.1 200 ", b"HTTP/1.1 400 ", b"HTTP/1.1 431 ")


@pytest.mark.parametrize(
    "query", ["&" * 6000, "a=b&" * 900, "who=" + "%" * 5000, "before=" + "%f0" * 1500]
)
def test_queries_of_any_shape_are_answered(place, query):
    answer = place.ask("GET", f"/?{query}", cookie=place.told["cookie"])

    assert answer.status in (200, 400, 404, 414)
