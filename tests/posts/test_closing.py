from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from beside.access.policy import Sight, Viewer, with_sight
from beside.people.models import Narrowing
from beside.posts import closing
from beside.posts.audiences import TakenBackForGood
from beside.posts.authorship import NotAnAuthor, WaitsForOthers
from beside.posts.models import Audience, Post
from tests.cast import NOW, make_post


def sight_of(post, account):
    return with_sight(Post.objects.filter(pk=post.pk), Viewer(account.pk), at=NOW).get().sight


def state_of(post):
    return Post.objects.get(pk=post.pk).state


def test_one_of_two_authors_closes_alone(cast):
    post = make_post(cast.rose, cast.tom, words_for=[cast.nan])

    closing.close(post, by=cast.tom, at=NOW)

    assert (sight_of(post, cast.nan), sight_of(post, cast.rose)) == (
        Sight.NOTHING,
        Sight.PHOTOGRAPHS,
    )
    assert Narrowing.objects.get().subject == {"post": str(post.pk)}


def test_closing_twice_is_once(cast):
    post = make_post(cast.rose)

    closing.close(post, by=cast.rose, at=NOW)
    closing.close(post, by=cast.rose, at=None)

    post.refresh_from_db()
    assert post.closed_at == NOW


@pytest.mark.parametrize("state", [Post.State.DRAFT, Post.State.TAKEN_BACK])
def test_what_nobody_sees_stays_as_it_is(cast, state):
    post = make_post(cast.rose, state=state)

    closing.close(post, by=cast.rose, at=NOW)

    assert state_of(post) == state


def test_the_sole_author_opens_it_again(cast):
    post = make_post(cast.rose, words_for=[cast.nan])
    closing.close(post, by=cast.rose, at=NOW)

    closing.reopen(post, by=cast.rose, at=NOW)

    assert sight_of(post, cast.nan) == Sight.WORDS


def test_one_of_two_authors_cannot_open_it_again(cast):
    post = make_post(cast.rose, cast.tom, words_for=[cast.nan], state=Post.State.CLOSED)

    with pytest.raises(WaitsForOthers):
        closing.reopen(post, by=cast.tom, at=NOW)


def test_what_was_taken_back_is_not_opened(cast):
    with pytest.raises(TakenBackForGood):
        closing.reopen(make_post(cast.rose, state=Post.State.TAKEN_BACK), by=cast.rose, at=NOW)


def test_everything_closes_at_one_press(cast):
    mine = [make_post(cast.rose, words_for=Audience.ANYONE), make_post(cast.tom, cast.rose)]
    draft = make_post(cast.rose, state=Post.State.DRAFT)
    theirs = make_post(cast.tom)

    closing.close_everything(cast.rose, at=NOW)

    assert [state_of(post) for post in [*mine, draft, theirs]] == [
        "closed",
        "closed",
        "draft",
        "published",
    ]
    assert Narrowing.objects.count() == 2


def test_a_period_closes_with_both_its_days(cast):
    def published(day):
        return make_post(cast.rose, at=datetime(2025, 3, day, 23, 30, tzinfo=UTC))

    posts = [published(day) for day in (13, 14, 20, 21)]

    closing.close_everything(cast.rose, at=NOW, since=date(2025, 3, 14), until=date(2025, 3, 20))

    assert [state_of(post) for post in posts] == ["published", "closed", "closed", "published"]


@pytest.mark.parametrize("act", [closing.close, closing.reopen])
def test_nobody_else_closes_or_opens(cast, act):
    with pytest.raises(NotAnAuthor):
        act(make_post(cast.rose), by=cast.nan, at=NOW)
