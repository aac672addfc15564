from __future__ import annotations

import re

import pytest
from django.urls import reverse

from beside.people import circles, follows
from beside.people.models import Follow
from beside.posts.models import Audience
from tests.cast import NOW, make_circle, make_post
from tests.web.browser import as_, page, post, status


def test_asking_to_follow_is_taken_back_from_the_page_of_whoever_is_asked(cast):
    make_post(cast.rose, words_for=Audience.ANYONE)
    ada = as_(cast.ada)
    post(ada, "follow", cast.rose.pk)
    asked = page(ada, "profile", cast.rose.pk)

    post(ada, "take_back_follow_request", cast.rose.pk)

    assert "You’ve asked to follow them." in asked
    assert reverse("take_back_follow_request", args=[cast.rose.pk]) in asked
    assert "Ask to follow" in page(ada, "profile", cast.rose.pk)
    assert "asks to follow you" not in page(as_(cast.rose), "notices")


@pytest.mark.thorough
def test_somebody_asks_is_let_in_and_put_into_a_circle(cast):
    make_post(cast.rose, words_for=[cast.nan])
    circle = make_circle(cast.rose)
    nan, rose = as_(cast.nan), as_(cast.rose)

    post(nan, "follow", cast.rose.pk)
    assert "You’ve asked to follow them." in page(nan, "profile", cast.rose.pk)
    assert "Nan</a> asks to follow you." in page(rose, "notices")
    post(rose, "answer_follow", cast.nan.pk, answer="yes", circle=circle.pk)

    assert "You follow them." in page(nan, "profile", cast.rose.pk)
    assert circles.members(circle) == [cast.nan]
    assert "Rose</a>" in page(nan, "notices")


def test_a_no_looks_like_no_answer(cast):
    make_post(cast.rose, words_for=[cast.nan])
    nan = as_(cast.nan)
    post(nan, "follow", cast.rose.pk)
    before = page(nan, "profile", cast.rose.pk)

    post(as_(cast.rose), "answer_follow", cast.nan.pk, answer="no")

    strip = lambda text: re.sub(r'value="\w{64}"', "", text)  # noqa: E731
    assert strip(page(nan, "profile", cast.rose.pk)) == strip(before)


def test_nobody_is_put_into_a_circle_of_somebody_elses(cast):
    follows.ask(cast.nan, cast.rose, at=NOW)
    toms = make_circle(cast.tom)

    post(as_(cast.rose), "answer_follow", cast.nan.pk, answer="yes", circle=toms.pk)

    assert circles.members(toms) == []
    assert Follow.objects.get().state == Follow.State.REQUESTED


def test_asking_somebody_whom_one_may_not_know_of_finds_nothing(cast):
    assert post(as_(cast.nan), "follow", cast.rose.pk).status_code == 404
    assert not Follow.objects.exists()


def test_a_follower_can_be_removed_and_a_followed_one_left(cast):
    for follower in (cast.nan, cast.ines):
        follows.ask(follower, cast.rose, at=NOW)
        follows.accept(cast.rose, follower.pk, at=NOW)
    rose = as_(cast.rose)
    assert "Stop Nan following" in page(rose, "you")

    post(rose, "remove_follower", cast.nan.pk)
    post(as_(cast.ines), "stop_following", cast.rose.pk)

    assert follows.followers_of(cast.rose) == []
    assert "Nobody follows you at the moment." in page(rose, "you")


def test_a_link_changes_nothing(cast):
    rose = as_(cast.rose)

    for name in (
        "follow",
        "stop_following",
        "answer_follow",
        "remove_follower",
        "block",
        "unblock",
    ):
        assert status(rose, name, cast.nan.pk) == 405
