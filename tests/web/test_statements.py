"""How many statements a page runs, and how many of these Django builds anew: each costs ten times as long as running one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.db.models import Model
from django.db.models.sql.compiler import SQLCompiler
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from beside.querysets.prepared import ANY, FIRST, Prepared
from tests.cast import make_photo, make_post
from tests.web.addresses import all_addresses
from tests.web.browsing import page, url

# The session, its account, and what the page itself asks. What the frame asks is counted by itself below.
MOST = {
    "letter, folded": 12,
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
    assert len(asked) <= count, "\n".join(one["sql"][:90] for one in asked)


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
    look_twice(reverse("profile", args=[cast.rose.pk]), "profile", visit("nan"), built)

    assert built == []


def test_home(letter, visit, built):
    look_twice(reverse("home"), "home", visit("nan"), built)

    assert built == []


def told(row: object, depth: int = 3) -> object:
    """A row with what was loaded with it, which may know it in turn."""
    if not isinstance(row, Model):
        return row
    if not depth:
        return row.pk
    columns = {name: value for name, value in vars(row).items() if not name.startswith("_")}
    loaded = row._state.fields_cache
    return type(row), columns, {name: told(other, depth - 1) for name, other in loaded.items()}


@pytest.mark.thorough
# Each takes half a minute: an author, a reader, and somebody without an account.
@pytest.mark.parametrize("who", ["rose", "nan", "by link"])
def test_what_is_prepared_gives_what_its_queryset_gives_on_every_page(place, who, monkeypatch):
    compared = []
    ask = Prepared._ask

    def ask_both(self, what, args, kwargs):
        found, queryset = ask(self, what, args, kwargs), self(*args, **kwargs)
        compared.append(self.__name__)
        if what == ANY:
            assert bool(found) == queryset.exists(), self
        elif what == FIRST:
            assert told(found[0] if found else None) == told(queryset.first()), self
        else:
            given, plain = [told(row) for row in found], [told(row) for row in queryset]
            if not queryset.ordered:
                given, plain = sorted(given, key=repr), sorted(plain, key=repr)
            assert given == plain, self
        return found

    monkeypatch.setattr(Prepared, "_ask", ask_both)
    client = place.client(who)
    for _route, path in all_addresses(place):
        assert client.get(path).status_code != 500

    assert compared
