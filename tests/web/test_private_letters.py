from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client

from beside.people import blocks, budgets, quiet_days
from beside.people.guesses import Limit
from beside.people.quiet_days import HowLong
from beside.posts.models import Audience
from beside.responses import desk, queue
from beside.responses.models import Response, WrittenBy
from tests.cast import NOW, make_circle, make_post
from tests.responses.builders import (
    letter_in_hand,
    passed_on,
    reads_first,
    respond,
    take_letters,
    take_responses,
    write,
)
from tests.web.browser import as_, page, post, status
from tests.web.test_notices import news

pytestmark = pytest.mark.usefixtures("own_place")
WORDS = "I’ve thought about whether I may write this."
State = Response.State


def text_of(page: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", page).split())


def send(client: Client, to, **data):
    data = {"id": uuid.uuid4(), "words": WORDS} | data
    return post(client, "private_letters", to.pk, **data)


def never(client: Client) -> bytes:
    return client.get(f"/letters/with/{uuid.uuid4()}/").content


# Writing one.


def test_a_persons_page_offers_it_to_those_who_may_write(cast):
    make_circle(cast.rose, of=[cast.nan])
    take_letters(cast.rose, WrittenBy.IN_MY_CIRCLES)

    offered = [name for name in ("nan", "ines") if _is_offered(cast[name], cast.rose)]

    assert offered == ["nan"]
    assert status(as_(cast.ines), "private_letters", cast.rose.pk) == 404


def _is_offered(me, to) -> bool:
    return "Write to Rose" in text_of(page(as_(me), "profile", to.pk))


def test_the_box_says_by_name_who_reads_it(cast):
    take_letters(cast.rose)
    said = text_of(page(as_(cast.nan), "private_letters", cast.rose.pk))
    assert "It goes straight to Rose." in said

    reads_first(cast.rose, cast.ines)
    said = text_of(page(as_(cast.nan), "private_letters", cast.rose.pk))
    assert "At their request, Ines reads everything first." in said
    assert "Give it to Ines" in said

    passed_on(cast.nan, cast.rose)
    said = text_of(page(as_(cast.nan), "private_letters", cast.rose.pk))
    assert "It goes straight to Rose." in said
    assert "Send it to Rose" in said


@pytest.mark.thorough
def test_a_letter_is_sent_read_first_passed_on_and_answered(cast):
    reads_first(cast.rose, cast.ines)
    take_letters(cast.rose)
    assert send(as_(cast.nan), cast.rose).status_code == 302
    at_the_desk = text_of(page(as_(cast.ines), "desk"))
    assert "A letter to Rose alone, from Nan" in at_the_desk
    assert WORDS in at_the_desk
    letter = Response.objects.get()

    post(as_(cast.ines), "desk", do="pass on", response=letter.pk)

    assert "For you" in (inbox := text_of(page(as_(cast.rose), "inbox")))
    assert WORDS in inbox
    one = page(as_(cast.rose), "response", letter.pk)
    assert "Write back, if you like" in one
    assert "isn’t told whether you’ve opened their letter." in one
    send(as_(cast.rose), cast.nan, words="Dear Nan.")
    assert "Dear Nan." in page(as_(cast.nan), "inbox")
    assert "has been passed on" in news(cast.nan)


def test_both_see_the_letters_in_their_order_and_no_word_of_what_was_read_first(cast):
    passed_on(cast.rose, cast.nan, WORDS)
    write(cast.rose, cast.nan, "Dear Nan.")

    hers = text_of(page(as_(cast.rose), "private_letters", cast.nan.pk))
    his = text_of(page(as_(cast.nan), "private_letters", cast.rose.pk))

    assert re.search(f"From Nan.*{WORDS}.*From you.*Dear Nan\\.", hers)
    assert re.search(r"From you.*aren’t shown here again.*From Rose.*Dear Nan\.", his)
    assert WORDS not in his


@pytest.mark.thorough
def test_a_page_with_a_declined_letter_is_the_same_as_with_one_that_waits(cast):
    reads_first(cast.rose, cast.ines)
    letter = letter_in_hand(cast.rose, cast.ines, cast.nan)
    before = _without_tokens(page(as_(cast.nan), "private_letters", cast.rose.pk))

    desk.decline(letter.pk, by=cast.ines, at=NOW)

    assert _without_tokens(page(as_(cast.nan), "private_letters", cast.rose.pk)) == before


def _without_tokens(page: str) -> str:
    return re.sub(r'name="(csrfmiddlewaretoken|id)" value="[^"]*"', "", page)


def test_sending_the_same_page_twice_sends_once(cast):
    take_letters(cast.rose)
    key = uuid.uuid4()

    answers = [send(as_(cast.nan), cast.rose, id=key) for _ in range(2)]

    assert [one.status_code for one in answers] == [302, 302]
    assert Response.objects.count() == 1


def test_an_empty_letter_is_told_kindly(cast):
    take_letters(cast.rose)

    answer = send(as_(cast.nan), cast.rose, words="  ")

    assert "One sentence is enough." in answer.content.decode()
    assert not Response.objects.exists()


def test_too_many_are_refused_kindly_and_the_words_stay(cast, monkeypatch):
    limit = Limit(budgets.LETTERS_TO_PERSON.name, 1, timedelta(days=1))
    monkeypatch.setattr(budgets, "LETTERS_TO_PERSON", limit)
    take_letters(cast.rose)
    send(as_(cast.nan), cast.rose)

    answer = send(as_(cast.nan), cast.rose, words="A second one.")

    assert answer.status_code == 429
    assert "A second one." in answer.content.decode()


@pytest.mark.thorough
def test_what_could_not_be_sent_can_be_copied_and_isnt_counted(cast):
    take_letters(cast.rose)
    blocks.block(cast.rose, cast.nan, at=NOW)

    answers = [send(as_(cast.nan), cast.rose) for _ in range(budgets.LETTERS_TO_PERSON.tries + 1)]

    assert {one.status_code for one in answers} == {404}
    assert WORDS in answers[-1].content.decode()


def test_somebody_whose_visit_ended_keeps_their_words(cast):
    answer = send(Client(), cast.rose)

    assert answer.status_code == 403
    assert WORDS in answer.content.decode()


def test_whoever_may_not_write_meets_the_same_page_as_for_nobody(cast):
    nan = as_(cast.nan)

    for method in ("get", "post"):
        assert getattr(nan, method)(f"/letters/with/{cast.rose.pk}/").content == never(nan)


# Writing back.


def test_an_author_writes_back_to_a_response(cast):
    letter = make_post(cast.rose, cast.tom, words_for=Audience.ANYONE)
    take_responses(letter)
    response = respond(letter, cast.nan, WORDS)
    Response.objects.filter(pk=response.pk).update(state=State.PASSED_ON)

    assert "Write back, if you like" in page(as_(cast.tom), "response", response.pk)
    send(as_(cast.tom), cast.nan, words="Dear Nan.")

    answer = Response.objects.get(recipient=cast.nan)
    assert (answer.writer, answer.state) == (cast.tom, State.PASSED_ON)


def test_nobody_writes_back_to_a_pen_name_and_nothing_tells_whose_it_is(cast):
    letter = make_post(cast.rose, words_for=Audience.ANYONE)
    take_responses(letter)
    response = respond(letter, cast.nan, WORDS, pen_name="A friend")
    Response.objects.filter(pk=response.pk).update(state=State.PASSED_ON)

    said = page(as_(cast.rose), "response", response.pk)

    assert "Write back" not in said.replace("write back to a pen name", "")
    assert str(cast.nan.pk) not in said
    assert "Nan" not in text_of(said)
    assert status(as_(cast.rose), "private_letters", cast.nan.pk) == 404
    assert send(as_(cast.rose), cast.nan).status_code == 404
    assert not Response.objects.filter(recipient=cast.nan).exists()


# What ends it, and what hides it.


@pytest.mark.thorough
@pytest.mark.parametrize("blocker", ["rose", "nan"])
def test_a_block_ends_it_for_both_and_backwards(cast, blocker):
    came = passed_on(cast.rose, cast.nan, WORDS)
    answer = write(cast.rose, cast.nan, "Dear Nan.")
    blocks.block(cast[blocker], cast.nan if blocker == "rose" else cast.rose, at=NOW)

    for me, other, letter in ((cast.rose, cast.nan, came), (cast.nan, cast.rose, answer)):
        client = as_(me)
        assert client.get(f"/letters/with/{other.pk}/").content == never(client)
        assert status(client, "response", letter.pk) == 404
        assert WORDS not in page(client, "inbox")
        assert "Dear Nan." not in page(client, "inbox")
    assert "A letter to somebody" in page(as_(cast.rose), "responses")
    assert "Nan" not in text_of(page(as_(cast.rose), "responses"))


def test_on_quiet_days_nothing_that_came_is_shown(cast):
    passed_on(cast.rose, cast.nan, WORDS)
    quiet_days.begin(cast.rose, HowLong.WEEK, at=NOW)

    assert WORDS not in page(as_(cast.rose), "inbox")
    assert WORDS not in page(as_(cast.rose), "private_letters", cast.nan.pk)


def test_a_letter_that_was_put_away_is_with_the_others_and_comes_back(cast):
    letter = passed_on(cast.rose, cast.nan, WORDS)

    post(as_(cast.rose), "response", letter.pk, do="put away")

    assert WORDS not in page(as_(cast.rose), "inbox")
    assert WORDS in page(as_(cast.rose), "put_away_responses")


def test_what_was_written_is_with_what_one_wrote_to_others_and_can_be_taken_back(cast):
    letter = passed_on(cast.rose, cast.nan, WORDS)
    said = page(as_(cast.nan), "responses")
    assert "A letter to" in said
    assert WORDS not in said

    post(as_(cast.nan), "take_back_response", letter.pk)

    assert WORDS not in page(as_(cast.rose), "inbox")
    assert not Response.objects.exists()


def test_what_nobody_without_an_account_wrote_has_no_box(cast):
    letter = Response.objects.create(
        recipient=cast.rose,
        signed="Ingrid",
        words=WORDS,
        state=State.PASSED_ON,
        sent_at=NOW,
        waits_since=NOW,
    )

    said = page(as_(cast.rose), "response", letter.pk)

    assert "From Ingrid" in re.sub("[\u2068\u2069]", "", said)
    assert "Write back" not in said


@pytest.mark.thorough
def test_the_desk_offers_no_word_and_no_block_without_an_account(cast):
    take_letters(cast.rose)
    Response.objects.create(
        recipient=cast.rose, signed="Ingrid", words=WORDS, sent_at=NOW, waits_since=NOW
    )

    said = text_of(page(as_(cast.rose), "desk"))

    assert "A letter to you alone, from Ingrid (without an account here)" in re.sub(
        "[\u2068\u2069]", "", said
    )
    assert "block" not in said
    assert "A word to the writer" not in said
    assert queue.take_next(cast.rose, at=NOW) is not None
