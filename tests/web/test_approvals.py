from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from beside.access.policy import Sight, Viewer, see
from beside.posts import approvals, autosave
from beside.posts.autosave import EditorPage
from beside.posts.models import ApprovalRequest, Audience, Post
from beside.posts.text import text_of
from beside.web.pages import approvals as approvals_page
from tests.cast import NOW
from tests.web.browsing import (
    answer,
    ask_to_publish,
    question_of,
    said_by,
    state_of,
    widening,
)

pytestmark = pytest.mark.usefixtures("own_place")


def test_publishing_asks_the_other_first(rose, tom, both):
    page = said_by(rose.get(reverse("publish", args=[both.pk])))

    waits = said_by(ask_to_publish(rose, both))

    assert "Ask Tom, then publish" in page
    assert "Publish it" not in page
    assert "This waits for Tom." in waits
    assert state_of(both) == Post.State.DRAFT


def test_the_button_that_isnt_there_publishes_nothing(rose, both):
    page = said_by(rose.post(reverse("publish", args=[both.pk])))

    assert "needs a yes from Tom too" in page
    assert state_of(both) == Post.State.DRAFT


@pytest.mark.thorough
def test_i_agree_publishes_at_once(rose, tom, cast, both):
    ask_to_publish(rose, both)
    page = said_by(tom.get(question_of(both)))

    answer(tom, both, "agree")

    assert "Rose would like to publish this" in page
    assert "“It’s all right if it’s no.”" in page
    assert state_of(both) == Post.State.PUBLISHED
    assert see(Viewer(cast.nan.pk), both.pk, at=NOW).sight == Sight.WORDS
    assert "All of you have agreed" in said_by(rose.get(reverse("notices")))


@pytest.mark.thorough
def test_keep_it_as_it_is_ends_it(rose, tom, both):
    ask_to_publish(rose, both)

    answer(tom, both, "keep")

    assert state_of(both) == Post.State.DRAFT
    assert "stays as it is" in said_by(rose.get(reverse("notices")))
    assert "This waits for" not in said_by(rose.get(reverse("letter", args=[both.pk])))


@pytest.mark.thorough
def test_another_day_changes_nothing(rose, tom, both):
    ask_to_publish(rose, both)

    answer(tom, both, "later")

    assert state_of(both) == Post.State.DRAFT
    assert question_of(both) in said_by(tom.get(reverse("notices")))


def test_whoever_asked_can_take_it_back(rose, tom, both):
    ask_to_publish(rose, both)
    asked = ApprovalRequest.objects.get()

    rose.post(question_of(both), {"do": "withdraw"})
    late = said_by(
        tom.post(question_of(both), {"do": "agree", "asked": str(asked.pk)}, follow=True)
    )

    assert "isn’t open any more" in late
    assert state_of(both) == Post.State.DRAFT


def test_a_yes_is_never_to_a_later_question(rose, tom, cast, both):
    ask_to_publish(rose, both)
    first = ApprovalRequest.objects.get()
    approvals.withdraw(both, by=cast.rose, at=NOW)
    ask_to_publish(rose, both)

    tom.post(question_of(both), {"do": "agree", "asked": str(first.pk)})

    assert state_of(both) == Post.State.DRAFT


@pytest.mark.thorough
def test_a_change_meanwhile_is_said_and_has_to_be_asked_anew(rose, tom, cast, both):
    ask_to_publish(rose, both)
    page = EditorPage(both.pk, both.version)
    autosave.save(both, text_of(both).changed(words="Otherwise."), by=cast.tom, page=page, at=NOW)

    late = said_by(answer(tom, both, "agree"))
    says = said_by(rose.get(reverse("letter", args=[both.pk])))

    assert "isn’t open any more" in late
    assert "It has been changed since you asked." in says
    assert "This waits for Tom." in said_by(ask_to_publish(rose, both))


def test_widening_shows_both_sides_by_name_before_it_asks(rose, cast, letter):
    page = said_by(widening(rose, letter))

    assert "This needs Tom too" in page
    assert "Nan" in page
    assert "Everyone signed in here" in page
    letter.refresh_from_db()
    assert letter.words_for == Audience.PEOPLE
    assert not ApprovalRequest.objects.exists()


@pytest.mark.thorough
def test_what_was_ticked_comes_along_with_the_question(rose, tom, letter):
    kept = dict(widening(rose, letter).context["page"].carried)
    rose.post(reverse("audience", args=[letter.pk]), kept | {"do": "ask"})
    page = said_by(tom.get(question_of(letter)))

    answer(tom, letter, "agree")

    assert "Rose would like more people to see this" in page
    letter.refresh_from_db()
    assert (letter.words_for, letter.photographs_for) == (Audience.ANYONE, Audience.ONLY_US)


def test_to_fewer_it_changes_at_one_press_by_one_alone(tom, letter):
    data = {"words_for": "us", "photographs_for": "us", "do": "change"}

    tom.post(reverse("audience", args=[letter.pk]), data)

    letter.refresh_from_db()
    assert letter.words_for == Audience.ONLY_US


@pytest.mark.thorough
def test_photographs_lie_open_only_when_both_say_so(rose, tom, cast, letter):
    ticked = [f"person:{cast.nan.pk}"]
    data = {
        "words_for": "people",
        "words_people": ticked,
        "photographs_for": "people",
        "photographs_people": ticked,
        "lay_open": "on",
    }
    path = reverse("audience", args=[letter.pk])

    before = said_by(rose.post(path, data | {"do": "change"}))
    rose.post(path, data | {"do": "ask"})
    letter.refresh_from_db()
    veiled_meanwhile = letter.veiled
    answer(tom, letter, "agree")

    assert "This needs Tom too" in before
    assert veiled_meanwhile
    letter.refresh_from_db()
    assert not letter.veiled


def test_opening_again_asks_the_other(rose, tom, letter):
    path = reverse("closing", args=[letter.pk])
    rose.post(path, {"do": "close"})
    page = said_by(rose.get(path))
    alone = said_by(rose.post(path, {"do": "reopen"}))

    rose.post(path, {"do": "ask"})
    asked = state_of(letter)
    answer(tom, letter, "agree")

    assert "Ask Tom, then open it again" in page
    assert "needs a yes from Tom too" in alone
    assert asked == Post.State.CLOSED
    assert state_of(letter) == Post.State.PUBLISHED


def test_a_lapsed_question_is_said_nowhere(cast, both):
    approvals.request_approval(
        both,
        approvals_page.audiences.chosen(both),
        publishes=True,
        message="",
        by=cast.rose,
        at=NOW,
    )

    late = NOW + approvals.DAYS_TO_ANSWER + timedelta(seconds=1)

    assert approvals_page.question(both, cast.rose, at=late) is None
    assert approvals_page.question(both, cast.tom, at=late) is None


@pytest.mark.thorough
def test_whoever_asked_finds_that_it_has_lapsed_and_nobody_else_does(rose, tom, both):
    ask_to_publish(rose, both)

    approvals.run_due(ApprovalRequest.objects.get().lapses_at)

    assert "has lapsed. Nothing has changed." in said_by(rose.get(reverse("notices")))
    assert "lapsed" not in said_by(tom.get(reverse("notices")))
