from __future__ import annotations

from datetime import UTC
from functools import partial

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from beside.access.compiled import Statement, as_time
from beside.config import wsgi
from beside.delivery import database as database_module
from beside.delivery.app import Delivery
from beside.delivery.database import OwnSqlite, Shared, own
from beside.delivery.no_answer import NoAnswer
from beside.people.models import Session
from beside.posts.models import Audience
from tests.cast import bytes_of, make_post, make_sealed_photo
from tests.delivery.client import address, ask, close, signed_in

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own")
ONE = Statement("SELECT 1")


@pytest.fixture
def with_its_own(db, own_place, settings, monkeypatch):
    """Delivery as a server process has it, with connections of its own, and as long as a busy machine takes to plan."""
    settings.BESIDE = settings.BESIDE.model_copy(update={"database_patience_s": 600})
    database = own(at_once=2)
    monkeypatch.setattr(wsgi, "photographs", Delivery(database))
    yield database
    close(database)


@on_sqlite
@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_is_written_as_django_writes_it(at):
    assert OwnSqlite().time(at) == as_time(at)


@pytest.mark.thorough
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("own_place", "with_its_own")
def test_it_is_sent_by_a_connection_of_its_own_and_no_longer_when_it_was_narrowed(cast):
    photo = make_sealed_photo(cast.rose)
    post = make_post(
        cast.rose,
        words_for=Audience.ANYONE,
        photographs_for=Audience.ANYONE,
        veiled=False,
        photos=[photo],
    )
    nan = signed_in(cast.nan)
    path = address(photo, nan)

    sent = ask(path, session=nan.session)
    post.photographs_for = Audience.ONLY_US
    post.save()
    refused = ask(path, session=nan.session)
    Session.objects.all().delete()

    assert sent.body == bytes_of(photo, "w480")
    assert refused.status == 404
    assert ask(path, session=nan.session).everything == refused.everything


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_one_connection_is_opened_and_used_again(monkeypatch):
    database, opened, connect = OwnSqlite(), [], database_module._opened
    monkeypatch.setattr(database_module, "_opened", lambda: opened.append(1) or connect())

    answers = [database.first(ONE, {}) for _ in range(3)]

    database.close()
    assert answers == [(1,)] * 3
    assert opened == [1]


@pytest.mark.parametrize("database", [Shared, partial(own, at_once=2)])
@pytest.mark.django_db(transaction=True)
def test_what_fails_is_no_answer_and_the_next_is_asked_afresh(database, monkeypatch):
    monkeypatch.setattr("beside.delivery.postgresql._NOT_AGAIN_FOR_S", 0.0)
    one = database()

    with pytest.raises(NoAnswer):
        one.first(Statement("SELECT 1 FROM nowhere"), {})

    assert one.first(Statement("SELECT 1"), {}) == (1,)
    close(one)


@pytest.mark.usefixtures("own_place")
def test_without_an_answer_a_photograph_is_not_called_nothing(cast, monkeypatch):
    class Silent(Shared):
        def first(self, statement, values):
            raise NoAnswer

    photo = make_sealed_photo(cast.rose)
    make_post(cast.rose, photos=[photo])
    rose = signed_in(cast.rose)
    path = address(photo, rose)
    monkeypatch.setattr(wsgi, "photographs", Delivery(Silent()))

    answer = ask(path, session=rose.session)

    assert answer.status == 503
    assert answer.headers["Cache-Control"] == "private, no-store"
