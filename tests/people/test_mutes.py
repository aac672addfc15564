from __future__ import annotations

import pytest

from beside.access import feeds
from beside.access.policy import Viewer
from beside.finding import directory_entries, shelf
from beside.finding.directory_entries import Said
from beside.notices.models import Notice
from beside.people import circles, follows, mutes
from beside.people.models import Mute
from beside.posts import circle_history, publishing
from beside.posts.models import Audience, Post
from tests.cast import NOW, make_circle, make_post


@pytest.fixture
def letter(cast) -> Post:
    follows.ask(cast.nan, cast.rose, at=NOW)
    follows.accept(cast.rose, cast.nan.pk, at=NOW)
    post = make_post(cast.rose, words_for=Audience.ANYONE)
    shelf.allow(post, by=cast.rose, at=NOW)
    directory_entries.save(cast.rose, Said(), at=NOW)
    return post


def comes_to(account) -> tuple[list, list, list]:
    """What comes to somebody's home, and what they find on the shelf and in the directory."""
    viewer = Viewer(account.pk)
    return (
        [one.pk for one in feeds.home(viewer, at=NOW).posts],
        [one.pk for one in shelf.letters(viewer, at=NOW).posts],
        [one.account_id for one in directory_entries.people(viewer, at=NOW).entries],
    )


def test_nothing_of_somebody_comes_any_more_until_it_is_ended(cast, letter):
    everything = ([letter.pk], [letter.pk], [cast.rose.pk])
    assert comes_to(cast.nan) == everything

    mutes.mute(cast.nan, cast.rose, at=NOW)

    assert comes_to(cast.nan) == ([], [], [])
    assert comes_to(cast.ines) == ([], [letter.pk], [cast.rose.pk])

    mutes.end(cast.nan, cast.rose.pk)

    assert comes_to(cast.nan) == everything


def test_it_takes_away_nothing_that_one_may_see(cast, letter):
    mutes.mute(cast.nan, cast.rose, at=NOW)

    theirs = feeds.by_person(Viewer(cast.nan.pk), cast.rose.pk, at=NOW)

    assert [one.pk for one in theirs.posts] == [letter.pk]
    assert follows.seen_by_follower(cast.nan, cast.rose.pk) == "accepted"


def test_a_letter_by_two_is_left_out_for_one_of_them_but_never_ones_own(cast):
    both = make_post(cast.rose, cast.nan, words_for=[cast.ines])
    for reader in (cast.ines, cast.nan):
        mutes.mute(reader, cast.rose, at=NOW)

    assert comes_to(cast.ines)[0] == []
    assert comes_to(cast.nan)[0] == [both.pk]


def test_nobody_is_told_of_what_somebody_writes_whom_they_have_muted(cast):
    mutes.mute(cast.nan, cast.rose, at=NOW)
    draft = make_post(cast.rose, words_for=[cast.nan, cast.ines], state=Post.State.DRAFT)

    publishing.publish(draft, by=cast.rose, at=NOW)
    family = make_circle(cast.rose)
    make_post(cast.rose, words_for=[family])
    for one in (cast.nan, cast.ines):
        circle_history.add_member(family, one, at=NOW, from_now_on=False)

    told = Notice.objects.values_list("recipient", flat=True)
    assert set(told) == {cast.ines.pk}


def test_it_is_once_and_never_oneself(cast):
    for _ in range(2):
        mutes.mute(cast.nan, cast.rose, at=NOW)
    mutes.mute(cast.nan, cast.nan, at=NOW)

    assert Mute.objects.count() == 1
    assert mutes.muted_by(cast.nan) == [cast.rose]
    assert mutes.muted_by(cast.rose) == []


def test_somebody_who_is_muted_can_still_be_put_into_a_circle(cast):
    mutes.mute(cast.nan, cast.rose, at=NOW)
    family = make_circle(cast.rose)

    circles.add(family, cast.nan, at=NOW)

    assert family.memberships.get().account == cast.nan


def test_lists_cost_nobody_else_a_query(cast, letter, django_assert_num_queries):
    viewer = Viewer(cast.ines.pk)
    with django_assert_num_queries(2):
        shelf.letters(viewer, at=NOW)
