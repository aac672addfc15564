from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from beside.people import guesses
from beside.people.guesses import CODE, PASSWORD, TooManyGuesses
from beside.people.sign_in_models import GuessCounter
from tests.cast import NOW
from tests.parallel import in_parallel


def is_counted(*whose: str, at=NOW, limit=PASSWORD) -> bool:
    try:
        guesses.count(limit, *whose, at=at)
    except TooManyGuesses:
        return False
    return True


def test_a_limit_holds_until_its_window_is_over(db):
    assert [is_counted("rose") for _ in range(6)] == [True] * 5 + [False]
    almost, over = PASSWORD.window - timedelta(seconds=1), PASSWORD.window

    assert not is_counted("rose", at=NOW + almost)
    assert [is_counted("rose", at=NOW + over) for _ in range(6)] == [True] * 5 + [False]


def test_it_says_when_the_next_try_is_allowed(db):
    for _ in range(5):
        guesses.count(PASSWORD, "rose", at=NOW)

    with pytest.raises(TooManyGuesses) as refused:
        guesses.count(PASSWORD, "rose", at=NOW + timedelta(minutes=1))

    assert refused.value.again_at == NOW + PASSWORD.window


def test_each_secret_and_each_owner_is_counted_alone(db):
    for _ in range(5):
        is_counted("rose")

    assert is_counted("tom")
    assert is_counted("rose", "a device of hers")
    assert is_counted("rose", limit=CODE)


def test_a_right_guess_is_given_back_and_a_wrong_one_is_not(db):
    for _ in range(20):
        guesses.count(PASSWORD, "rose", at=NOW)
        guesses.give_back(PASSWORD, "rose")
    guesses.give_back(PASSWORD, "rose")

    assert [is_counted("rose") for _ in range(6)] == [True] * 5 + [False]


def test_of_two_that_are_counted_together_each_limit_holds(db):
    both = (CODE, ("rose", "one")), (PASSWORD, ("rose",))
    for _ in range(CODE.tries):
        guesses.count_each(*both, at=NOW)

    with pytest.raises(TooManyGuesses) as refused:
        guesses.count_each(*both, at=NOW)

    assert refused.value.limit == CODE
    left = PASSWORD.tries - CODE.tries
    assert [is_counted("rose") for _ in range(left + 1)] == [True] * left + [False]


def test_what_is_refused_waits_for_nobody_who_writes(db):
    for _ in range(PASSWORD.tries):
        guesses.count(PASSWORD, "rose", at=NOW)

    with CaptureQueriesContext(connection) as asked, pytest.raises(TooManyGuesses):
        guesses.count(PASSWORD, "rose", at=NOW)

    assert {query["sql"].split()[0] for query in asked} == {"SELECT"}


def test_no_address_is_in_the_table(db):
    guesses.count(PASSWORD, "rose@home.example", at=NOW)

    row = GuessCounter.objects.get()
    assert b"rose" not in bytes(row.whose)
    assert len(bytes(row.whose)) == 32


def test_old_counters_are_deleted(db):
    is_counted("rose")
    is_counted("tom", at=NOW + timedelta(hours=23))

    guesses.purge(at=NOW + timedelta(days=1))

    assert GuessCounter.objects.count() == 1


@pytest.mark.thorough
@pytest.mark.django_db(transaction=True)
def test_of_two_hundred_guesses_in_parallel_only_as_many_as_the_limit_are_judged():
    judged = in_parallel(lambda _number: is_counted("rose", limit=CODE), times=200)

    assert judged.count(True) == CODE.tries
    assert judged.count(False) == 200 - CODE.tries


@pytest.mark.django_db(transaction=True)
def test_a_guess_is_never_counted_where_a_rollback_would_forget_it():
    with pytest.raises(RuntimeError), transaction.atomic():
        guesses.count(CODE, "rose", at=NOW)
