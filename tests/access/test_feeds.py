from __future__ import annotations

from datetime import timedelta

import pytest

from beside.access import feeds
from beside.access.feeds import PAGE, Cursor, NoSuchCursor
from beside.access.policy import NOBODY, Viewer
from beside.people.models import Follow, Membership
from beside.posts.models import Audience, Post
from tests.cast import NOW, make_circle, make_post


@pytest.fixture
def nan(cast) -> Viewer:
    Follow.objects.create(
        follower=cast.nan,
        followed=cast.ada,
        state=Follow.State.ACCEPTED,
        asked_at=NOW,
        answered_at=NOW,
    )
    return Viewer(cast.nan.pk)


def ids(page: feeds.Page) -> list:
    return [post.pk for post in page.posts]


def test_a_letter_given_by_circle_comes_home_while_one_is_in_it(cast, nan):
    family = make_circle(cast.rose, of=[cast.nan])
    post = make_post(cast.rose, words_for=[family])

    while_in = ids(feeds.home(nan, at=NOW))
    Membership.objects.all().delete()

    assert while_in == [post.pk]
    assert ids(feeds.home(nan, at=NOW)) == []


def test_home_passes_over_any_number_of_letters_for_others(cast, nan):
    expected = make_post(cast.ada, words_for=[cast.nan], at=NOW - timedelta(days=9))
    for _ in range(3 * PAGE + 5):
        make_post(cast.ada, words_for=[cast.ines], at=NOW)

    page = feeds.home(nan, at=NOW)

    assert ids(page) == [expected.pk]
    assert page.next_cursor is None


def test_each_letter_is_met_once_and_in_order_over_all_pages(cast, nan):
    times = [NOW - timedelta(hours=number // 3) for number in range(2 * PAGE + 3)]
    for at in times:
        make_post(cast.ada, words_for=Audience.ANYONE, at=at)

    met, cursor = [], None
    while True:
        page = feeds.home(nan, before=Cursor.read(str(cursor)) if cursor else None, at=NOW)
        met += page.posts
        cursor = page.next_cursor
        if cursor is None:
            break

    assert len({post.pk for post in met}) == len(met) == len(times)
    assert met == sorted(met, key=lambda post: (post.published_at, post.pk), reverse=True)


def test_what_i_wrote_alone_or_with_somebody_i_follow_comes_home_once(cast, nan):
    both = make_post(cast.ada, cast.nan, words_for=Audience.ANYONE)
    mine = make_post(cast.nan)

    assert sorted(ids(feeds.home(nan, at=NOW))) == sorted([both.pk, mine.pk])


@pytest.mark.parametrize("state", [Post.State.DRAFT, Post.State.CLOSED, Post.State.TAKEN_BACK])
def test_what_is_not_published_is_in_no_list(cast, nan, state):
    make_post(cast.ada, words_for=Audience.ANYONE, state=state)

    assert ids(feeds.home(nan, at=NOW)) == []
    assert ids(feeds.by_person(nan, cast.ada.pk, at=NOW)) == []
    assert ids(feeds.by_person(Viewer(cast.ada.pk), cast.ada.pk, at=NOW)) == []


def test_a_persons_page_holds_what_the_viewer_may_know_of(cast, nan):
    make_post(cast.ada, words_for=[cast.ines])
    seen = make_post(cast.ada, words_for=[cast.nan])
    for_all = make_post(cast.ada, words_for=Audience.ANYONE, words_signed_in=False, at=NOW)

    assert ids(feeds.by_person(nan, cast.ada.pk, at=NOW)) == [for_all.pk, seen.pk]
    assert ids(feeds.by_person(NOBODY, cast.ada.pk, at=NOW)) == [for_all.pk]


def test_nobody_has_no_home(cast):
    make_post(cast.ada, words_for=Audience.ANYONE, words_signed_in=False)

    assert ids(feeds.home(NOBODY, at=NOW)) == []


@pytest.mark.parametrize("text", ["", "~", "2026-01-01", "x~y", "2026-01-01T00:00:00~00"])
def test_what_is_no_place_is_not_there(text):
    with pytest.raises(NoSuchCursor):
        Cursor.read(text)
