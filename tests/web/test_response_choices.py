from __future__ import annotations

import pytest

from beside.people.models import Account
from beside.posts.models import Audience, Post
from beside.responses import choices
from beside.responses.models import ReadFirst, RespondedBy, ResponseChoice, ResponsePause
from tests.cast import make_post
from tests.responses.builders import reads_first, respond, take_responses
from tests.web.browser import as_, page, post
from tests.web.test_notices import news

pytestmark = pytest.mark.usefixtures("own_place")
ANYONE = {"responded_by": 3, "read_first": 1}


@pytest.fixture
def letter(cast) -> Post:
    return make_post(cast.rose, words_for=Audience.ANYONE)


@pytest.fixture
def both(cast) -> Post:
    return make_post(cast.rose, cast.tom, words_for=Audience.ANYONE)


def choose(account: Account, letter: Post, **data):
    return post(as_(account), "response_choice", letter.pk, **data)


def test_nobody_can_respond_until_an_author_says_so(cast, letter):
    assert "<p>Nobody</p>" in page(as_(cast.rose), "response_choice", letter.pk)
    assert "Write to Rose" not in page(as_(cast.nan), "letter", letter.pk)

    choose(cast.rose, letter, helps="Say her name.", takes_presences="on", **ANYONE)

    said = page(as_(cast.rose), "response_choice", letter.pk)
    assert "<p>Anyone here who can read it</p>" in said
    assert "Say her name." in said
    assert "Write to Rose" in page(as_(cast.nan), "letter", letter.pk)


def test_an_author_is_asked_who_reads_first_before_any_response_can_come(cast, letter):
    answer = choose(cast.rose, letter, responded_by=3)

    assert "Say who reads it first. Until then nobody can respond." in answer.content.decode()
    assert not ResponseChoice.objects.exists()


def test_they_are_asked_again_if_they_once_chose_nobody_without_saying(cast, letter):
    choose(cast.rose, letter, responded_by=0)

    answer = choose(cast.rose, letter, responded_by=3)

    assert "Say who reads it first." in answer.content.decode()


def test_with_somebody_who_reads_first_that_is_not_asked(cast, letter):
    reads_first(cast.rose, cast.ines)

    said = page(as_(cast.rose), "response_choice", letter.pk)
    answer = choose(cast.rose, letter, responded_by=3)

    assert "Read first by Ines." in said
    assert "Who reads it first" not in said
    assert answer.status_code == 302
    assert choices.holds(letter).responded_by == RespondedBy.READERS


@pytest.mark.thorough
def test_more_people_need_every_author_and_the_page_says_who_has_not_said_so(cast, both):
    choose(cast.rose, both, **ANYONE)

    assert "It waits for Tom." in page(as_(cast.rose), "response_choice", both.pk)
    theirs = page(as_(cast.tom), "response_choice", both.pk)
    assert "That needs your choice too, below." in theirs
    assert "would let people respond to a letter of yours" in news(cast.tom)

    choose(cast.tom, both, **ANYONE)

    assert "It waits for" not in page(as_(cast.rose), "response_choice", both.pk)
    assert "would let people respond" not in news(cast.tom)


def test_news_of_an_offer_that_was_taken_back_says_nothing(cast, both):
    choose(cast.rose, both, **ANYONE)
    ResponseChoice.objects.all().delete()

    assert "No news." in news(cast.tom)


def test_no_more_responses_is_one_press_and_so_is_the_undo(cast, letter):
    take_responses(letter, RespondedBy.LET_IN, helps="Say her name.", closes_at=9)
    rose = as_(cast.rose)

    ended = post(rose, "response_choice", letter.pk, do="end")
    assert choices.holds(letter).responded_by == RespondedBy.NOBODY
    said = rose.get(ended.url).content.decode()
    assert "nobody can respond" in said.lower()
    post(rose, "response_choice", letter.pk, do="undo", was="2")

    now = choices.of(letter, cast.rose)
    assert now.responded_by == RespondedBy.LET_IN
    assert (now.helps, now.closes_at, now.read_first) == ("Say her name.", 9, ReadFirst.AUTHORS)


@pytest.mark.parametrize("was", ["", "0", "9", "-1", "x"])
def test_an_undo_of_nothing_changes_nothing(cast, letter, was):
    take_responses(letter, RespondedBy.NAMED)

    answer = choose(cast.rose, letter, do="undo", was=was)

    assert answer.status_code == 302
    assert choices.holds(letter).responded_by == RespondedBy.NAMED


@pytest.mark.thorough
def test_what_closed_by_itself_is_opened_again_by_any_author(cast, both):
    take_responses(both, closes_at=1)
    respond(both, cast.nan)
    assert ResponsePause.objects.exists()
    said = page(as_(cast.tom), "response_choice", both.pk)
    assert "Nobody: it closed by itself when many came at once" in said
    assert "Many came at once" in news(cast.tom)

    choose(cast.tom, both, do="resume")

    assert not ResponsePause.objects.exists()
    assert "Many came at once" not in news(cast.rose)


def test_whoever_reads_first_is_told_that_it_closed_and_not_of_which_letter(cast, letter):
    take_responses(letter, closes_at=1)
    reads_first(cast.rose, cast.ines)
    respond(letter, cast.nan)

    said = page(as_(cast.ines), "notices")

    assert "where you read first" in said
    assert str(letter.pk) not in said


@pytest.mark.parametrize("closes_at", ["0", "x", "-3", "10001"])
def test_a_number_that_is_none_is_asked_for_again(cast, letter, closes_at):
    answer = choose(cast.rose, letter, closes_at=closes_at, **ANYONE)

    assert "or nothing." in answer.content.decode()
    assert not ResponseChoice.objects.exists()


def test_the_letters_own_page_and_the_page_to_publish_say_who_can_respond(cast, letter):
    take_responses(letter, RespondedBy.NAMED)
    draft = make_post(cast.rose, state=Post.State.DRAFT)

    assert "People you’ve named" in page(as_(cast.rose), "letter", letter.pk)
    publish = page(as_(cast.rose), "publish", draft.pk)
    assert "Who can respond to it: Nobody." in publish
    assert "Back to the letter" in page(as_(cast.rose), "response_choice", draft.pk)
