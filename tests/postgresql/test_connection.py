from __future__ import annotations

import os
import threading
from datetime import UTC, datetime, timedelta
from threading import Event

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Value

from beside.access.compiled import ACCOUNT, AT, SESSION, Statement, compiled
from beside.access.policy import Viewer, visible_to
from beside.cli.process.chores import Chores
from beside.cli.process.developer import Developer
from beside.config.timed_connection import timed_connection
from beside.people.models import Account, Session
from beside.people.sessions import SessionStore
from beside.photos import developing
from beside.photos.models import KeyEpoch, Photo
from beside.posts.models import Audience
from tests.cast import NOW, make_account, make_photo, make_post
from tests.serving import until

pytestmark = pytest.mark.django_db(transaction=True)

ONE = Statement("SELECT 1")


@pytest.fixture
def end_connection():
    """Ends this thread's connection from the server's side, as a restart does."""

    def end() -> None:
        with psycopg.connect(os.environ["BESIDE_TEST_DATABASE_URL"], autocommit=True) as other:
            backend = connection.connection.info.backend_pid
            assert other.execute("SELECT pg_terminate_backend(%s, 60000)", [backend]).fetchone()[0]

    return end


def test_a_statement_is_asked_again_where_the_database_was_restarted(end_connection):
    ONE.first()
    end_connection()

    assert ONE.first() == (1,)


def test_a_statement_within_a_transaction_that_was_lost_is_not_asked_again(end_connection):
    def lose_it() -> None:
        with transaction.atomic():
            ONE.first()
            end_connection()
            ONE.first()

    with pytest.raises(DatabaseError):
        lose_it()


def test_a_worker_goes_on_where_the_database_was_restarted(data, end_connection):
    chores = Chores(data)
    chores.do(at=NOW)
    end_connection()

    chores.do(at=NOW + timedelta(hours=1))

    assert KeyEpoch.objects.count() == 1


def test_so_does_the_thread_that_develops_photographs(data, end_connection):
    before = KeyEpoch.objects.count()
    end_connection()

    Developer(Event()).develop_one()

    assert KeyEpoch.objects.count() == before


def test_what_nobody_waits_for_any_more_is_not_carried_out_later():
    """A page has said that it couldn't be done; and until it is, it takes up a connection beside those that a machine may open."""
    rose = make_account("rose")
    params = connection.get_connection_params()
    with (
        psycopg.connect(**params) as holding,
        psycopg.connect(**params, autocommit=True) as looking,
        timed_connection(0.5).connect(**params, autocommit=True) as asking,
    ):
        asked = asking.info.backend_pid
        holding.execute("SELECT FROM people_account WHERE id = %s FOR UPDATE", [rose.pk])
        with pytest.raises(psycopg.OperationalError, match="did not answer"):
            asking.execute("UPDATE people_account SET is_active = FALSE WHERE id = %s", [rose.pk])

        there = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s"
        until(lambda: looking.execute(there, [asked]).fetchone() == (0,))
        holding.rollback()

    assert Account.objects.get(pk=rose.pk).is_active


def test_a_statement_leaves_no_transaction_open():
    ONE.first()

    assert connection.connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE


def test_a_statement_of_the_rule_is_planned_once_for_each_connection(cast):
    make_post(cast.rose, words_for=Audience.ANYONE, at=NOW)
    rule = compiled(visible_to(Viewer(ACCOUNT, SESSION), at=AT).values_list("pk", "sight"))
    values = {"account": cast.nan.pk, "session": "one", "at": datetime.now(UTC)}

    answers = {rule.first(**values) for _ in range(12)}

    assert len(answers) == 1
    prepared = "SELECT sum(generic_plans) FROM pg_prepared_statements WHERE statement LIKE %s"
    with connection.cursor() as cursor:
        cursor.execute(prepared, ["%posts_post%CASE%"])
        assert cursor.fetchone()[0] >= 1


def test_a_name_with_a_sign_of_percent_stays_one(db):
    make_account("per%cent")
    rows = Account.objects.filter(pk=ACCOUNT).annotate(one=Value(1)).values_list("email", "one")

    assert compiled(rows).first(account=Account.objects.get().pk) == ("per%cent@home.example", 1)


def test_each_thread_asks_by_a_connection_of_its_own(db):
    backends = []

    def ask() -> None:
        backends.append(Statement("SELECT pg_backend_pid()").first())
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(backends) == 3
    assert Statement("SELECT pg_backend_pid()").first() not in backends


def test_more_sessions_are_cleared_than_a_statement_can_name(db):
    """A worker that was off for a week finds as many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_session (session_key, session_data, expire_date, device, began_at)"
            " SELECT 'ended' || n, '', now() - interval '1 day', '', now() FROM generate_series(1, 66000) AS n"
        )

    SessionStore.clear_expired()

    assert not Session.objects.exists()


def test_a_restart_of_the_database_is_no_attempt_at_a_photograph(
    cast, data, monkeypatch, end_connection
):
    photo = make_photo(cast.rose, state=Photo.State.RECEIVED)

    def lose_it(*_photograph, **_how):
        end_connection()
        list(Photo.objects.all())

    monkeypatch.setattr(developing, "_try", lose_it)
    for _ in range(3):
        with pytest.raises(DatabaseError):
            developing.develop_next(NOW)
        Photo.objects.filter(pk=photo.pk).update(leased_until=None)

    photo.refresh_from_db()
    assert (photo.state, photo.attempts) == (Photo.State.RECEIVED, 0)
