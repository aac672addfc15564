from __future__ import annotations

import re

import pytest

from beside.access.conditions import Viewer
from beside.notices import notices
from beside.notices.models import Notice
from beside.people import blocks, quiet_days
from beside.people.quiet_days import HowLong
from beside.posts.models import Audience, Post
from beside.responses import desk, queue, responses
from beside.responses.models import Response
from tests.cast import NOW, make_post
from tests.responses.builders import in_hand, reads_first, respond, take_responses
from tests.web.browser import as_, page, post, status
from tests.web.test_notices import news

pytestmark = pytest.mark.usefixtures("own_place")
WORDS = "Thank you for the drawer. Ours is the second one down."
ASKS = "It’s from your midwife. Do you want it now?"


@pytest.fixture
def letter(cast) -> Post:
    letter = make_post(cast.rose, cast.tom, words_for=Audience.ANYONE, title="His day")
    take_responses(letter)
    reads_first(cast.rose, cast.ines)
    return letter


def passed_on(letter, cast, words=WORDS, **fields) -> Response:
    response = in_hand(letter, cast.ines, cast.nan, words, **fields)
    desk.pass_on(response.pk, by=cast.ines, at=NOW)
    return response


@pytest.mark.thorough
def test_what_was_passed_on_is_there_by_letter_and_has_a_page(cast, letter):
    one = passed_on(letter, cast)
    respond(letter, cast.ada, "This waits.")

    said = page(as_(cast.tom), "inbox")
    whole = page(as_(cast.tom), "response", one.pk)

    assert "Responses to “His day”" in said
    assert WORDS in said
    assert "This waits." not in said
    assert f'<p dir="auto">{WORDS}</p>' in whole
    assert "isn’t told whether you’ve opened their letter." in whole
    assert "Something that was written to you has been passed on." in news(cast.tom)


@pytest.mark.thorough
def test_what_waits_was_declined_or_sealed_has_no_page(cast, letter):
    waits = respond(letter, cast.ada)
    assert status(as_(cast.rose), "response", waits.pk) == 404
    queue.take_next(cast.ines, at=NOW)
    desk.seal(waits.pk, by=cast.ines, at=NOW)

    assert status(as_(cast.rose), "response", waits.pk) == 404
    assert "Responses to" not in page(as_(cast.rose), "inbox")


@pytest.mark.thorough
def test_the_sentence_about_what_is_kept_away_is_the_same_whether_or_not_anything_was(cast, letter):
    before = page(as_(cast.rose), "inbox")
    sealed = in_hand(letter, cast.ines, cast.nan)
    desk.seal(sealed.pk, by=cast.ines, at=NOW)

    after = page(as_(cast.rose), "inbox")

    def bare(said: str) -> str:
        return re.sub('name="csrfmiddlewaretoken" value="[^"]*"', "", said)

    assert "Whatever Ines would keep from you isn’t here" in before
    assert bare(before) == bare(after)


@pytest.mark.thorough
def test_a_response_is_shown_and_taken_down_again_by_the_other_author(cast, letter):
    one = passed_on(letter, cast)

    post(as_(cast.rose), "response", one.pk, do="show")
    assert WORDS in page(as_(cast.ada), "letter", letter.pk)
    post(as_(cast.tom), "response", one.pk, do="hide")

    assert WORDS not in page(as_(cast.ada), "letter", letter.pk)
    assert "Only you who wrote the letter can read it." in page(as_(cast.rose), "response", one.pk)


@pytest.mark.thorough
def test_what_is_for_them_only_offers_nothing_and_cannot_be_shown(cast, letter):
    one = passed_on(letter, cast, only_for_authors=True)

    said = page(as_(cast.rose), "response", one.pk)
    post(as_(cast.rose), "response", one.pk, do="show")

    assert "They wrote it for you only." in said
    assert "Let it stand beside the letter" not in said
    assert WORDS not in page(as_(cast.ada), "letter", letter.pk)


@pytest.mark.thorough
def test_what_was_put_away_is_brought_back(cast, letter):
    one = passed_on(letter, cast)

    post(as_(cast.rose), "response", one.pk, do="put away")
    assert WORDS not in page(as_(cast.rose), "inbox")
    assert WORDS in page(as_(cast.tom), "inbox")
    assert WORDS in page(as_(cast.rose), "put_away_responses")
    post(as_(cast.rose), "response", one.pk, do="take out")

    assert WORDS in page(as_(cast.rose), "inbox")


@pytest.mark.thorough
@pytest.mark.parametrize("do", ["show", "hide", "put away", "take out", ""])
def test_nobody_else_can_do_anything_with_it(cast, letter, do):
    one = passed_on(letter, cast)

    for who in (cast.nan, cast.ada, cast.ines):
        assert post(as_(who), "response", one.pk, do=do).status_code == 404

    one.refresh_from_db()
    assert one.shown_at is None


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("wants", "state"), [("yes", "passed on"), ("no", "declined"), ("", "waiting")]
)
def test_a_question_is_answered_without_a_word_of_the_response(cast, letter, wants, state):
    one = in_hand(letter, cast.ines, cast.nan, WORDS)
    desk.ask_authors(one.pk, ASKS, by=cast.ines, at=NOW)
    assert "asks whether you’d like to read something" in news(cast.tom)
    said = page(as_(cast.tom), "inbox")
    assert "Ines asks whether you’d like to read a response to “His day”." in said
    assert ASKS in said
    assert WORDS not in said
    assert "Nan" not in said

    post(as_(cast.tom), "answer_question", one.pk, wants=wants)

    one.refresh_from_db()
    assert one.state == state
    assert ASKS not in page(as_(cast.rose), "inbox")
    assert "asks whether you’d like" not in news(cast.rose)
    assert post(as_(cast.rose), "answer_question", one.pk, wants="yes").status_code == 404


@pytest.mark.thorough
def test_on_quiet_days_nothing_is_there_and_nothing_is_said_of_it(cast, letter):
    one = passed_on(letter, cast)
    asked = in_hand(letter, cast.ines, cast.nan, "Another.")
    desk.ask_authors(asked.pk, ASKS, by=cast.ines, at=NOW)
    responses.be_present(letter.pk, by=cast.ada, viewer=Viewer(cast.ada.pk), at=NOW)
    quiet_days.begin(cast.rose, HowLong.WEEK, at=NOW)

    said = page(as_(cast.rose), "inbox")

    assert "Until then, nothing that people write to you is shown here." in said
    assert not [word for word in (WORDS, ASKS, "Somebody was here", "Nothing yet") if word in said]
    assert status(as_(cast.rose), "response", one.pk) == 404
    told = news(cast.rose)
    assert not [word for word in ("passed on", "Somebody was here", "asks whether") if word in told]


@pytest.mark.thorough
def test_somebody_was_here_has_no_name_and_ends_with_a_block(cast, letter):
    responses.be_present(letter.pk, by=cast.nan, viewer=Viewer(cast.nan.pk), at=NOW)
    assert "Somebody was here" in page(as_(cast.rose), "inbox")
    assert "Somebody was here: a letter of yours." in news(cast.rose)
    assert "Nan" not in page(as_(cast.rose), "inbox")

    blocks.block(cast.rose, cast.nan, at=NOW)

    assert "Somebody was here" not in page(as_(cast.rose), "inbox")
    assert "Somebody was here" not in news(cast.rose)


@pytest.mark.thorough
def test_news_of_what_was_taken_back_or_blocked_says_nothing(cast, letter):
    passed_on(letter, cast)
    assert "has been passed on" in news(cast.rose)

    blocks.block(cast.rose, cast.nan, at=NOW)

    assert "has been passed on" not in news(cast.rose)
    assert "has been passed on" in news(cast.tom)


@pytest.mark.thorough
def test_news_that_something_waits_ends_when_nothing_does(cast, letter):
    one = respond(letter, cast.nan)
    assert "There’s something for you to read first." in news(cast.ines)

    responses.take_back(one.pk, by=cast.nan, at=NOW)

    assert "to read first" not in news(cast.ines)


@pytest.mark.thorough
def test_a_word_about_a_response_is_news_until_it_is_taken_back(cast, letter):
    one = in_hand(letter, cast.ines, cast.nan)
    desk.decline(one.pk, by=cast.ines, at=NOW, reply="Not just now.")
    assert "There’s a word for you about something that you wrote." in news(cast.nan)

    responses.take_back(one.pk, by=cast.nan, at=NOW)

    assert "a word for you" not in news(cast.nan)


def test_news_of_another_kind_about_the_same_letter_wakes_none_of_these(cast, letter):
    for kind in (Notice.Kind.RESPONSE_PASSED_ON, Notice.Kind.PRESENT, Notice.Kind.APPROVED):
        notices.tell(cast.rose.pk, kind, about=letter.pk, at=NOW)

    said = news(cast.rose)

    assert "All of you have agreed" in said
    assert "passed on" not in said
    assert "Somebody was here" not in said
