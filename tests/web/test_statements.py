"""How many statements a page runs, and how many of these Django builds anew: each costs ten times as long as running one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.db.models.sql.compiler import SQLCompiler
from django.test.utils import CaptureQueriesContext

from tests.cast import make_photo, make_post
from tests.web.browsing import page, url

# The session, its account, and what the page itself asks. What the frame asks is counted by itself below.
MOST = {
    "letter, folded": 11,
    "letter, open": 15,
    "profile": 15,
    "home": 8,
}


@pytest.fixture
def built(monkeypatch) -> list[str]:
    """What Django has built SQL for."""
    seen = []
    build = SQLCompiler.execute_sql

    def watched(self, *args, **kwargs):
        seen.append(self.query.model.__name__)
        return build(self, *args, **kwargs)

    monkeypatch.setattr(SQLCompiler, "execute_sql", watched)
    return seen


@pytest.fixture
def letter(cast):
    photos = [make_photo(cast.rose) for _ in range(2)]
    people = [cast.nan]
    return make_post(cast.rose, words_for=people, photographs_for=people, photos=photos)


@contextmanager
def at_most(count: int) -> Iterator[None]:
    with CaptureQueriesContext(connection) as asked:
        yield
    assert len(asked) <= count, [one["sql"][:120] for one in asked]


def look_twice(path: str, what: str, client, built: list[str]) -> None:
    """The first look compiles what the second only fills in."""
    client.get(path)
    built.clear()
    with at_most(MOST[what]):
        assert client.get(path).status_code == 200


def test_a_folded_letter(letter, visit, built):
    look_twice(url("letter", letter), "letter, folded", visit("nan"), built)

    assert built == []


def test_an_open_letter(letter, visit, built):
    nan = visit("nan")
    nan.post(url("consent", letter))

    look_twice(url("letter", letter), "letter, open", nan, built)

    assert page(nan, "letter", letter).count("<img") == 2
    assert built == []


def test_a_person(cast, letter, visit, built):
    look_twice(url("profile", cast.rose), "profile", visit("nan"), built)

    assert built == []


def test_home(letter, visit, built):
    look_twice(url("home"), "home", visit("nan"), built)

    assert built == []
