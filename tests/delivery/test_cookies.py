from __future__ import annotations

import pytest
from django.http.cookie import parse_cookie
from hypothesis import given
from hypothesis import strategies as st

from beside.delivery.cookies import cookie_in

NAME = "__Host-session"
NAMES = st.sampled_from(
    [NAME, NAME.lower(), f" {NAME}\t", f"x{NAME}", f"{NAME}x", f'"{NAME}"', "", "csrf", NAME[:-1]]
)
VALUES = st.sampled_from(
    [
        "",
        "abc",
        " abc ",
        '"abc"',
        '"a\\073b"',
        '"a;b"',
        '"',
        '""',
        '"a\\"b"',
        "a=b",
        "=",
        "\u00a0a\x1f",
        "ä",
    ]
)
PAIRS = st.builds("{}{}{}".format, NAMES, st.sampled_from(["=", " = ", "==", ""]), VALUES)
HEADERS = st.lists(PAIRS, max_size=5).flatmap(
    lambda pairs: st.sampled_from(["; ", ";", ";;", " ;\t", ","]).map(lambda by: by.join(pairs))
)


@given(HEADERS | st.text() | st.text('=;" \\073' + NAME))
def test_a_cookie_is_read_as_django_reads_it(header):
    assert cookie_in(header, NAME) == parse_cookie(header).get(NAME)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        (f"{NAME}=one", "one"),
        (f"csrf=x; {NAME}=one", "one"),
        (f"{NAME}=one; {NAME}=two", "two"),
        (f'{NAME}="one;two"', '"one'),
        (f"{NAME}=", ""),
        (NAME, None),
        ("", None),
    ],
)
def test_the_cookie_that_counts_is_the_last_of_its_name(header, value):
    assert cookie_in(header, NAME) == value == parse_cookie(header).get(NAME)
