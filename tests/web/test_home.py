from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from beside.access.feeds import PAGE
from beside.people.models import Follow
from beside.posts.models import Audience
from tests.cast import NOW, make_photo, make_post
from tests.web.browsing import FORBIDDEN


def follow(cast, *followed):
    for account in followed:
        Follow.objects.create(
            follower=cast.nan,
            followed=account,
            state=Follow.State.ACCEPTED,
            asked_at=NOW,
            answered_at=NOW,
        )


def test_home_holds_what_i_follow_and_what_i_was_given(cast, post, visit):
    follow(cast, cast.ada)
    make_post(cast.ada, words_for=Audience.ANYONE, title="From Ada")
    make_post(cast.ada, words_for=[cast.ines], title="Not for Nan")
    make_post(cast.ines, words_for=Audience.ANYONE, title="Nobody follows this")
    make_post(cast.nan, words_for=Audience.ANYONE, title="My own")

    found = visit("nan").get("/").content.decode()

    assert "From Ada" in found
    assert "The fourteenth of March" in found
    assert "Three photographs" in found
    assert not [word for word in FORBIDDEN if word in found]
    assert "My own" in found
    for absent in ("Not for Nan", "Nobody follows this"):
        assert absent not in found


def test_a_question_not_answered_yet_brings_nothing_home(cast, visit):
    Follow.objects.create(follower=cast.nan, followed=cast.ada, asked_at=NOW)
    make_post(cast.ada, words_for=Audience.ANYONE, title="From Ada")

    assert "From Ada" not in visit("nan").get("/").content.decode()


def test_home_is_newest_first_in_pages_with_an_end(cast, visit):
    follow(cast, cast.ada)
    same_time = NOW - timedelta(days=3)
    for number in range(PAGE + 5):
        make_post(cast.ada, words_for=Audience.ANYONE, at=same_time, title=f"Letter {number};")
    make_post(cast.ada, words_for=Audience.ANYONE, at=NOW, title="The newest")
    nan = visit("nan")

    first = nan.get("/").content.decode()
    further = re.search(r'href="(\?before=[^"]+)"', first)
    assert further
    second = nan.get("/" + further[1]).content.decode()

    assert "The newest" in first
    assert "nothing more to load" not in first
    assert "nothing more to load" in second
    titles = re.findall(r"Letter \d+;", first + second)
    assert len(titles) == len(set(titles)) == PAGE + 5


@pytest.mark.parametrize("place", ["x", "2026-01-01~x", f"2026-01-01T00:00:00~{uuid.UUID(int=7)}"])
def test_a_place_that_no_page_gave_is_not_there(visit, place):
    assert visit("nan").get("/", {"before": place}).status_code == 404


def test_an_empty_home_asks_for_nothing(visit):
    assert "nothing you have to do" in visit("nan").get("/").content.decode()


def test_photographs_laid_open_show_the_first_at_home(cast, visit):
    follow(cast, cast.ada)
    photos = [make_photo(cast.ada), make_photo(cast.ada)]
    anyone = {"words_for": Audience.ANYONE, "photographs_for": Audience.ANYONE}
    make_post(cast.ada, **anyone, veiled=False, photos=photos)

    found = visit("nan").get("/").content.decode()

    assert found.count("<img") == 1
    assert "data-open" in found


def test_home_costs_as_many_queries_for_two_letters_as_for_twenty(cast, visit):
    follow(cast, cast.ada)
    nan = visit("nan")

    def write(count: int, *, veiled: bool) -> None:
        for _ in range(count):
            anyone = {"words_for": Audience.ANYONE, "photographs_for": Audience.ANYONE}
            make_post(cast.ada, **anyone, veiled=veiled, photos=[make_photo(cast.ada)])

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            nan.get("/")
        return len(asked)

    write(1, veiled=True)
    write(1, veiled=False)
    few = queries()
    write(9, veiled=True)
    write(9, veiled=False)

    assert queries() == few


def test_somebody_who_has_published_is_not_greeted_as_new(cast, visit):
    make_post(cast.nan, words_for=[cast.ines], title="My own")

    found = visit("nan").get("/").content.decode()

    assert "My own" in found
    assert "There’s nothing here yet" not in found


@pytest.mark.parametrize("state", ["draft", "closed"])
def test_nor_is_somebody_whose_letters_only_they_can_see(cast, visit, state):
    make_post(cast.nan, state=state, title="Not shown")

    found = visit("nan").get("/").content.decode()

    assert "Not shown" not in found
    assert "There’s nothing here yet" not in found
    assert "under Letters" in found


def test_home_does_not_show_an_author_their_own_photographs_unasked(cast, visit):
    make_post(
        cast.nan,
        words_for=Audience.ANYONE,
        photographs_for=Audience.ANYONE,
        photos=[make_photo(cast.nan)],
        veiled=False,
    )

    found = visit("nan").get("/").content.decode()

    assert "/p/" not in found
    assert "Read on" in found
