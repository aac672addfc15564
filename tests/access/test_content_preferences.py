from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from beside.access import content_preferences, feeds
from beside.access.content_preferences import AskFirst
from beside.access.models import ContentPreference
from beside.access.policy import NOBODY, NothingToSee, Sight, Viewer
from beside.people.models import Profile
from beside.posts import facets
from beside.posts.models import Audience, Facet, Post
from tests.cast import NOW, make_post

ASK, NOT_FOR_NOW = ContentPreference.Choice.ASK, ContentPreference.Choice.NOT_FOR_NOW


@pytest.fixture
def nan(cast) -> Viewer:
    return Viewer(cast.nan.pk)


@pytest.fixture
def letter(cast) -> Post:
    post = make_post(cast.rose, words_for=[cast.nan, cast.ines])
    facets.choose(post, [Facet.TWINS, Facet.ILLNESS], by=cast.rose)
    return post


def in_lists(viewer: Viewer, author) -> list:
    home = feeds.home(viewer, at=NOW)
    theirs = feeds.by_person(viewer, author.pk, at=NOW)
    return [[post.pk for post in page.posts] for page in (home, theirs)]


def test_without_a_choice_every_letter_is_met_like_any_other(cast, nan, letter):
    content_preferences.choose(cast.nan, {Facet.MISCARRIAGE: NOT_FOR_NOW, Facet.TWINS: ""})

    assert content_preferences.see(nan, letter.pk, at=NOW).sight == Sight.WORDS
    assert in_lists(nan, cast.rose) == [[letter.pk], [letter.pk]]


def test_asked_first_it_stands_in_lists_with_what_it_is_about_and_its_address_asks(
    cast, nan, letter
):
    content_preferences.choose(cast.nan, {Facet.TWINS: ASK})

    page = feeds.home(nan, at=NOW)

    assert page.asks == {letter.pk: [Facet.TWINS]}
    assert feeds.by_person(nan, cast.rose.pk, at=NOW).asks == page.asks
    with pytest.raises(AskFirst) as asked:
        content_preferences.see(nan, letter.pk, at=NOW)
    assert asked.value.facets == [Facet.TWINS]
    assert content_preferences.see(nan, letter.pk, at=NOW, anyway=[letter.pk]).pk == letter.pk


def test_not_for_now_it_is_in_no_list_and_its_address_asks(cast, nan, letter):
    other = make_post(cast.rose, words_for=[cast.nan])
    content_preferences.choose(cast.nan, {Facet.ILLNESS: NOT_FOR_NOW})

    assert in_lists(nan, cast.rose) == [[other.pk], [other.pk]]
    with pytest.raises(AskFirst):
        content_preferences.see(nan, letter.pk, at=NOW)


def test_a_choice_is_nobody_elses(cast, letter):
    content_preferences.choose(cast.nan, {Facet.TWINS: NOT_FOR_NOW})

    assert in_lists(Viewer(cast.ines.pk), cast.rose) == [[letter.pk], [letter.pk]]
    assert content_preferences.see(Viewer(cast.ines.pk), letter.pk, at=NOW).pk == letter.pk


def test_an_authors_own_letters_are_never_affected(cast, letter):
    rose = Viewer(cast.rose.pk)
    content_preferences.choose(cast.rose, {Facet.TWINS: NOT_FOR_NOW, Facet.ILLNESS: ASK})
    content_preferences.not_today(cast.rose, at=NOW)

    page = feeds.by_person(rose, cast.rose.pk, at=NOW)

    assert [post.pk for post in page.posts] == [letter.pk]
    assert not page.asks
    assert content_preferences.see(rose, letter.pk, at=NOW).sight == Sight.PHOTOGRAPHS


@pytest.mark.parametrize("choice", ["", ASK, NOT_FOR_NOW])
def test_no_choice_shows_what_the_rule_does_not(cast, choice, letter):
    content_preferences.choose(cast.ada, {Facet.TWINS: choice})

    with pytest.raises(NothingToSee):
        content_preferences.see(Viewer(cast.ada.pk), letter.pk, at=NOW, anyway=[letter.pk])


def test_somebody_without_an_account_is_asked_nothing(cast):
    post = make_post(cast.rose, words_for=Audience.ANYONE, words_signed_in=False)
    facets.choose(post, [Facet.TWINS], by=cast.rose)

    assert content_preferences.see(NOBODY, post.pk, at=NOW).pk == post.pk


def test_not_today_lasts_until_four_in_the_morning_and_ends_by_itself(cast, nan, letter):
    evening = datetime(2026, 3, 14, 22, 30, tzinfo=UTC)
    morning = datetime(2026, 3, 15, 4, tzinfo=UTC)

    content_preferences.not_today(cast.nan, at=evening)

    assert Profile.objects.get(account=cast.nan).not_today_until == morning
    assert content_preferences.preferences_of(nan, at=morning - timedelta(seconds=1)).not_today
    assert not content_preferences.preferences_of(nan, at=morning).not_today


def test_not_today_nothing_is_in_a_list_and_every_address_asks(cast, nan):
    post = make_post(cast.rose, words_for=[cast.nan])
    content_preferences.not_today(cast.nan, at=NOW)

    during = in_lists(nan, cast.rose)
    with pytest.raises(AskFirst):
        content_preferences.see(nan, post.pk, at=NOW)
    content_preferences.end_not_today(cast.nan)

    assert during == [[], []]
    assert in_lists(nan, cast.rose) == [[post.pk], [post.pk]]


def test_a_page_of_a_list_goes_on_after_letters_that_are_excluded(cast, nan):
    for number in range(feeds.PAGE + 2):
        made = make_post(cast.rose, words_for=[cast.nan], at=NOW - timedelta(hours=number))
        if number < 4:
            facets.choose(made, [Facet.TWINS], by=cast.rose)
    content_preferences.choose(cast.nan, {Facet.TWINS: NOT_FOR_NOW})

    page = feeds.home(nan, at=NOW)

    assert len(page.posts) == feeds.PAGE - 2
    assert page.next_cursor is None
