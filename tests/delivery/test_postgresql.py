from __future__ import annotations

import os
import threading

import pytest
from django.conf import settings
from django.db import connection

from beside.access.compiled import Statement
from beside.delivery.no_answer import NoAnswer
from beside.delivery.statement import Statements
from beside.people.models import Account
from beside.photos.models import AuthorKey, Hold, KeyEpoch
from beside.photos.vault import keyring
from beside.photos.vault.epoch import EpochFile, NoSuchEpoch
from beside.photos.vault.slots import slots
from tests.cast import make_sealed_photo
from tests.delivery.client import close
from tests.serving import until

if connection.vendor != "postgresql":
    pytest.skip("PostgreSQL's own connection", allow_module_level=True)

import psycopg

from beside.delivery import postgresql
from beside.delivery.postgresql import OwnPostgresql

pytestmark = pytest.mark.django_db(transaction=True)

CONNECTIONS = 2
BACKEND = Statement("SELECT pg_backend_pid()")
NEVER = Statement("SELECT 1 FROM pg_sleep(300)")


@pytest.fixture
def own(db, monkeypatch):
    """Whoever asks after a failure isn't turned away here, as no test may wait for a clock."""
    monkeypatch.setattr(postgresql, "_NOT_AGAIN_FOR_S", 0.0)
    database = OwnPostgresql(patience_s=60, connections=CONNECTIONS)
    yield database
    close(database)


@pytest.fixture
def impatient(own, monkeypatch):
    own.prepare([BACKEND], {})
    monkeypatch.setattr(own, "_answers_within_s", 0.2)


def end(backend: int) -> None:
    """From the server's side, as a restart does."""
    with psycopg.connect(os.environ["BESIDE_TEST_DATABASE_URL"], autocommit=True) as other:
        assert other.execute("SELECT pg_terminate_backend(%s, 60000)", [backend]).fetchone()[0]


def test_what_is_found_comes_as_delivery_takes_it(own):
    found = own.first(
        Statement(
            "SELECT %(photo)s::uuid, %(session)s::text, 'per%%cent'::varchar, 7::bigint, -1::int,"
            " true, false, decode('00ff', 'hex'), NULL::uuid, %(photo)s::uuid"
        ),
        {"photo": "0f" * 16, "session": "ä", "account": None},
    )

    one = b"\x0f" * 16
    assert found == (one, "ä", "per%cent", 7, -1, True, False, b"\x00\xff", None, one)


def test_where_there_is_no_row_there_is_none(own):
    assert own.first(Statement("SELECT 1 WHERE %(session)s = 'a'"), {"session": "b"}) is None


def test_all_threads_ask_by_two_connections_which_take_turns(own):
    backends = [own.first(BACKEND, {}) for _ in range(4)]

    def ask() -> None:
        backends.append(own.first(BACKEND, {}))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert backends[:2] == backends[2:4]
    assert len(backends) == 8
    assert len(set(backends)) == CONNECTIONS


def test_beside_one_that_has_no_answer_yet_another_is_asked(own):
    own.prepare([BACKEND], {})
    waits, [other] = own.first(BACKEND, {}), own.first(BACKEND, {})
    slow = threading.Thread(
        target=lambda: own.first(Statement("SELECT 1 FROM pg_advisory_lock(1)"), {})
    )
    # Such a lock is one database's, and the address names another than the tests' own.
    with psycopg.connect(
        os.environ["BESIDE_TEST_DATABASE_URL"],
        dbname=connection.settings_dict["NAME"],
        autocommit=True,
    ) as holding:
        holding.execute("SELECT pg_advisory_lock(1)")
        slow.start()
        until(lambda: own._free.qsize() == 1)
        assert own.first(BACKEND, {}) == (other,) != waits
    slow.join()


def test_the_rule_is_prepared_before_it_is_needed_and_never_planned_again(own):
    Statements(own).prepare()
    prepared = Statement(
        "SELECT count(*), sum(custom_plans)::int FROM pg_prepared_statements"
        " WHERE statement NOT LIKE '%%pg_prepared%%'"
    )

    # On each connection a session's row, and the forms of the rule for three kinds of viewer.
    assert [own.first(prepared, {}) for _ in range(CONNECTIONS)] == [(8, 0)] * CONNECTIONS


def test_after_a_restart_the_statement_is_asked_again(own):
    before = {own.first(BACKEND, {}) for _ in range(CONNECTIONS)}
    for [backend] in before:
        end(backend)

    after = {own.first(BACKEND, {}) for _ in range(CONNECTIONS)}

    assert len(after - before) == CONNECTIONS


def test_with_a_connection_that_was_lost_the_epoch_key_is_forgotten(own, own_place, cast):
    """Another server may answer now, whose rows are older than what was destroyed."""
    photo = make_sealed_photo(cast.rose)
    ring = keyring.open_keyring()
    own.prepare([BACKEND], {})
    generation = KeyEpoch.objects.get().generation
    hold = Hold.objects.get(photo=photo, kind=Hold.Kind.SHOWN)
    wrapped = bytes(AuthorKey.objects.get(account=cast.rose).wrapped)

    def opened() -> bytes:
        return ring.open_hold(
            generation,
            wrapped,
            hold_wrapped=bytes(hold.wrapped),
            account=cast.rose.pk.bytes,
            photo=photo.pk.bytes,
            kind=Hold.Kind.SHOWN,
        )

    opened()
    # On another node, so that this process goes on remembering what it has read.
    EpochFile(slots(), settings.ROOT_KEY, ring.instance).write_next(generation + 1, b"k" * 32)
    EpochFile(slots(), settings.ROOT_KEY, ring.instance).settle(generation + 1)
    still = opened()
    end(own.first(BACKEND, {})[0])
    end(own.first(BACKEND, {})[0])
    own.first(BACKEND, {})

    assert still
    with pytest.raises(NoSuchEpoch):
        opened()


def test_a_database_that_hangs_is_no_answer_and_the_next_question_has_one(
    own, impatient, monkeypatch
):
    with pytest.raises(NoAnswer):
        own.first(NEVER, {})
    monkeypatch.setattr(own, "_answers_within_s", 60)

    assert own.first(Statement("SELECT 1"), {}) == (1,)


def test_where_one_has_hung_the_other_is_opened_anew_too(own, monkeypatch):
    """They went the same way, and what has no answer on the one has none on the other either."""
    own.prepare([BACKEND], {})
    before = {own.first(BACKEND, {}) for _ in range(CONNECTIONS)}
    with monkeypatch.context() as impatient:
        impatient.setattr(own, "_answers_within_s", 0.2)
        with pytest.raises(NoAnswer):
            own.first(NEVER, {})

    assert not before & {own.first(BACKEND, {}) for _ in range(CONNECTIONS)}


def test_whoever_waits_behind_one_that_hangs_is_told_so_too(own, impatient):
    told = []

    def ask() -> None:
        try:
            own.first(NEVER, {})
        except NoAnswer:
            told.append(True)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert told == [True] * 4


def test_soon_after_it_hung_nobody_waits_for_it_again(own, impatient, monkeypatch):
    monkeypatch.setattr(postgresql, "_NOT_AGAIN_FOR_S", 3600.0)
    with pytest.raises(NoAnswer):
        own.first(NEVER, {})
    monkeypatch.setattr(postgresql, "_connected", lambda: pytest.fail("It was asked again."))

    with pytest.raises(NoAnswer):
        own.first(BACKEND, {})


def test_a_database_that_cannot_be_reached_is_no_answer(own, monkeypatch):
    def refused(**_given):
        raise psycopg.OperationalError

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(psycopg, "connect", refused)
        with pytest.raises(NoAnswer):
            own.first(BACKEND, {})


def test_it_can_only_read(own, db):
    with pytest.raises(NoAnswer):
        own.first(Statement("DELETE FROM people_account RETURNING 1"), {})

    assert Account.objects.count() == 0


def test_a_statement_that_fails_leaves_nothing_behind_for_the_next(own):
    with pytest.raises(NoAnswer):
        own.first(Statement("SELECT 1 FROM nowhere"), {})

    assert own.first(Statement("SELECT %(session)s::text"), {"session": "one"}) == ("one",)
