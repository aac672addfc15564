from __future__ import annotations

import uuid

import pytest

from beside.access.conditions import Viewer
from beside.notices.models import Notice
from beside.people import blocks, delegations
from beside.posts.models import Audience
from beside.responses import (
    choices,
    desk,
    policy,
    private_letter_choices,
    private_letters,
    queue,
    responses,
)
from beside.responses.desk import NotInHand
from beside.responses.models import PrivateLetterChoice, Response, Seal
from beside.responses.private_letters import TakesNoLetters
from beside.responses.responses import ResponseText, TakesNoResponses
from tests.at_once import at_once
from tests.cast import NOW, make_post
from tests.parallel import in_parallel
from tests.responses.builders import (
    WORDS,
    in_hand,
    letter_in_hand,
    passed_on,
    reads_first,
    respond,
    take_letters,
    take_responses,
)

pytestmark = pytest.mark.django_db(transaction=True)
either_first = pytest.mark.parametrize("order", [1, -1], ids=["as said", "the other way round"])
State = Response.State


@pytest.fixture
def post(cast):
    post = make_post(cast.rose, cast.tom, words_for=Audience.ANYONE)
    take_responses(post)
    reads_first(cast.tom, cast.ines)
    return post


@pytest.mark.thorough
@either_first
@pytest.mark.parametrize("decide", [desk.pass_on, desk.decline, desk.decide_later])
def test_what_is_taken_back_while_it_is_decided_is_gone(cast, post, order, decide):
    response = in_hand(post, cast.ines, cast.nan)
    acts = [
        lambda: decide(response.pk, by=cast.ines, at=NOW),
        lambda: responses.take_back(response.pk, by=cast.nan, at=NOW),
    ]

    both = at_once(*acts[::order])

    assert both.raised() == ([] if order == 1 else [NotInHand])
    assert not Response.objects.exists()


@pytest.mark.thorough
@either_first
def test_what_is_taken_back_while_it_is_sealed_is_kept_only_if_the_seal_came_first(
    cast, post, order
):
    response = in_hand(post, cast.ines, cast.nan)
    acts = [
        lambda: desk.seal(response.pk, by=cast.ines, at=NOW),
        lambda: responses.take_back(response.pk, by=cast.nan, at=NOW),
    ]

    both = at_once(*acts[::order])

    assert both.raised() == ([] if order == 1 else [NotInHand])
    assert not Response.objects.exists()
    assert Seal.objects.count() == (1 if order == 1 else 0)


@pytest.mark.thorough
@either_first
def test_what_an_author_says_yes_to_is_not_sealed_too(cast, post, order):
    """The author is asked about one; what says the same is in somebody else's hand, who seals it."""
    reads_first(cast.rose, cast.ada)
    first, second = respond(post, cast.nan), respond(post, cast.marit)
    queue.take_next(cast.ines, at=NOW)
    queue.take_next(cast.ada, at=NOW)
    desk.ask_authors(first.pk, "It is about faith.", by=cast.ines, at=NOW)
    acts = [
        lambda: desk.answer(first.pk, by=cast.rose, wants=True, at=NOW),
        lambda: desk.seal(second.pk, by=cast.ada, at=NOW),
    ]

    both = at_once(*acts[::order])

    assert both.raised() == []
    assert [Response.objects.get(pk=one.pk).state for one in (first, second)] == [
        State.PASSED_ON,
        State.SEALED,
    ]
    assert Seal.objects.get().response == second


@pytest.mark.thorough
@either_first
def test_one_that_is_asked_about_while_it_is_sealed_is_one_of_the_two(cast, post, order):
    response = in_hand(post, cast.ines, cast.nan)
    acts = [
        lambda: desk.ask_authors(response.pk, "It is about faith.", by=cast.ines, at=NOW),
        lambda: desk.seal(response.pk, by=cast.ines, at=NOW),
    ]

    both = at_once(*acts[::order])

    response.refresh_from_db()
    assert both.raised() == [NotInHand]
    assert response.state == (State.ASKED if order == 1 else State.SEALED)
    assert Seal.objects.exists() == (order == -1)


@pytest.mark.thorough
@either_first
def test_two_authors_who_answer_at_once_give_one_answer(cast, post, order):
    response = in_hand(post, cast.ines, cast.nan)
    desk.ask_authors(response.pk, "It is about faith.", by=cast.ines, at=NOW)
    acts = [
        lambda: desk.answer(response.pk, by=cast.rose, wants=True, at=NOW),
        lambda: desk.answer(response.pk, by=cast.tom, wants=False, at=NOW),
    ]

    both = at_once(*acts[::order])

    response.refresh_from_db()
    assert both.raised() == [NotInHand]
    assert response.state == (State.PASSED_ON if order == 1 else State.DECLINED)


@pytest.mark.thorough
def test_two_who_read_first_take_one_each(cast, post):
    reads_first(cast.rose, cast.ada)
    first, second = respond(post, cast.nan), respond(post, cast.marit, "Another one.")

    both = at_once(
        lambda: queue.take_next(cast.ines, at=NOW), lambda: queue.take_next(cast.ada, at=NOW)
    )

    assert (both.first, both.second) == (first, second)


@pytest.mark.thorough
def test_of_many_who_take_the_last_one_a_single_one_has_it(cast, post):
    reads_first(cast.rose, cast.ada)
    reads_first(cast.rose, cast.marit)
    response = respond(post, cast.nan)
    readers = [cast.ines, cast.ada, cast.marit]

    taken = in_parallel(lambda number: queue.take_next(readers[number], at=NOW), times=3)

    assert sorted(map(str, taken)) == sorted(map(str, [response, None, None]))


@pytest.mark.thorough
@either_first
@pytest.mark.parametrize("blocker", ["rose", "tom", "nan"])
def test_what_is_passed_on_while_its_writer_is_blocked_reaches_nobody_apart(
    cast, post, order, blocker
):
    response = in_hand(post, cast.ines, cast.nan)
    pair = (cast.nan, cast.tom) if blocker == "nan" else (cast[blocker], cast.nan)
    acts = [
        lambda: desk.pass_on(response.pk, by=cast.ines, at=NOW),
        lambda: blocks.block(*pair, at=NOW),
    ]

    both = at_once(*acts[::order])

    response.refresh_from_db()
    assert both.raised() == ([] if order == 1 else [NotInHand])
    assert response.state == (State.PASSED_ON if order == 1 else State.WAITING)


@pytest.mark.thorough
@either_first
def test_what_says_the_same_is_not_passed_on_past_a_block(cast, post, order):
    response = in_hand(post, cast.ines, cast.nan)
    again = respond(post, cast.marit)
    acts = [
        lambda: desk.pass_on(response.pk, by=cast.ines, at=NOW),
        lambda: blocks.block(cast.tom, cast.marit, at=NOW),
    ]

    both = at_once(*acts[::order])

    again.refresh_from_db()
    assert both.raised() == []
    assert again.state == (State.PASSED_ON if order == 1 else State.WAITING)


@either_first
def test_nothing_is_sent_once_an_author_has_ended_responses(cast, post, order):
    key = uuid.uuid4()

    def send():
        text = ResponseText(WORDS)
        responses.send(key, post.pk, text, by=cast.nan, viewer=Viewer(cast.nan.pk), at=NOW)

    acts = [send, lambda: choices.end(post, by=cast.rose, at=NOW)]

    both = at_once(*acts[::order])

    assert both.raised() == ([] if order == 1 else [TakesNoResponses])
    assert Response.objects.exists() == (order == 1)


@pytest.mark.thorough
@either_first
def test_nobody_decides_once_their_delegation_has_ended(cast, post, order):
    response = in_hand(post, cast.ines, cast.nan)
    [one] = queue.delegations_of(cast.ines)
    acts = [
        lambda: desk.pass_on(response.pk, by=cast.ines, at=NOW),
        lambda: delegations.end(one.pk, by=cast.tom, at=NOW),
    ]

    both = at_once(*acts[::order])

    response.refresh_from_db()
    assert both.raised() == ([] if order == 1 else [NotInHand])
    assert response.state == (State.PASSED_ON if order == 1 else State.WAITING)


@pytest.fixture
def screened(cast):
    """Rose takes letters, and Ines reads them first."""
    reads_first(cast.rose, cast.ines)
    return cast.rose


def _write(cast):
    private_letters.write(uuid.uuid4(), cast.rose.pk, WORDS, by=cast.nan, at=NOW)


@pytest.mark.thorough
@either_first
def test_a_letter_that_is_taken_back_while_it_is_passed_on_is_gone(cast, screened, order):
    letter = letter_in_hand(screened, cast.ines, cast.nan)
    acts = [
        lambda: desk.pass_on(letter.pk, by=cast.ines, at=NOW),
        lambda: responses.take_back(letter.pk, by=cast.nan, at=NOW),
    ]

    both = at_once(*acts[::order])

    assert both.raised() == ([] if order == 1 else [NotInHand])
    assert not Response.objects.exists()
    assert not Notice.objects.filter(kind=Notice.Kind.RESPONSE_PASSED_ON).exists()


@either_first
@pytest.mark.parametrize("blocker", ["rose", "nan"])
def test_a_letter_that_is_written_while_one_blocks_the_other_reaches_nobody(cast, order, blocker):
    take_letters(cast.rose)
    other = cast.nan if blocker == "rose" else cast.rose
    acts = [lambda: _write(cast), lambda: blocks.block(cast[blocker], other, at=NOW)]

    both = at_once(*acts[::order])

    assert both.raised() == ([] if order == 1 else [TakesNoLetters])
    assert Response.objects.exists() == (order == 1)
    assert queue.take_next(cast.rose, at=NOW) is None


@either_first
def test_nobody_writes_once_letters_are_ended(cast, order):
    take_letters(cast.rose)
    acts = [
        lambda: _write(cast),
        lambda: private_letter_choices.end(cast.rose, at=NOW),
    ]

    both = at_once(*acts[::order])

    assert both.raised() == ([] if order == 1 else [TakesNoLetters])
    assert Response.objects.exists() == (order == 1)


@pytest.mark.thorough
@either_first
def test_what_is_sealed_stays_sealed_while_its_recipient_writes_back(cast, screened, order):
    """Rose answers a letter; another of the same writer's, which waited, is sealed."""
    passed_on(screened, cast.nan)
    second = letter_in_hand(screened, cast.ines, cast.nan, "A second one.")
    acts = [
        lambda: private_letters.write(uuid.uuid4(), cast.nan.pk, WORDS, by=cast.rose, at=NOW),
        lambda: desk.seal(second.pk, by=cast.ines, at=NOW),
    ]

    both = at_once(*acts[::order])

    second.refresh_from_db()
    assert both.raised() == []
    assert second.state == State.SEALED
    assert policy.passed_on_to(cast.nan, at=NOW).exists()


@either_first
def test_an_answer_to_what_is_taken_back_at_once_is_sent_or_refused(cast, order):
    letter = passed_on(cast.rose, cast.nan)
    acts = [
        lambda: private_letters.write(uuid.uuid4(), cast.nan.pk, WORDS, by=cast.rose, at=NOW),
        lambda: responses.take_back(letter.pk, by=cast.nan, at=NOW),
    ]
    PrivateLetterChoice.objects.filter(account=cast.nan).delete()

    both = at_once(*acts[::order])

    assert both.raised() == ([] if order == 1 else [TakesNoLetters])
    assert Response.objects.filter(writer=cast.rose).exists() == (order == 1)


def test_the_same_letter_that_is_written_twice_at_once_is_there_once(cast):
    take_letters(cast.rose)
    key = uuid.uuid4()

    def write():
        private_letters.write(key, cast.rose.pk, WORDS, by=cast.nan, at=NOW)

    both = at_once(write, write)

    assert both.raised() == []
    assert Response.objects.count() == 1
