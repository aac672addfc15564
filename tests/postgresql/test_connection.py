from __future__ import annotations

import os
import threading
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Value

from beside.access.compiled import ACCOUNT, AT, SESSION, Statement, compiled
from beside.access.policy import Viewer, visible_to
from beside.cli.process.chores import Chores
from beside.people.models import Account
from beside.photos.models import KeyEpoch
from beside.posts.models import Audience
from tests.cast import NOW, make_account, make_post

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

    chores.do(at=NOW)

    assert KeyEpoch.objects.count() == 1


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
