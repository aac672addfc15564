from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from beside.access import content_preferences
from beside.access.feeds import PAGE
from beside.access.policy import NOBODY, Viewer
from beside.finding import shelf
from beside.finding.replaying import replay
from beside.finding.shelf import Wanted
from beside.notices.models import Notice
from beside.people.models import Narrowing
from beside.posts import audiences, coauthors, facets, suspensions
from beside.posts.authorship import NotAnAuthor
from beside.posts.models import Audience, Authorship, Facet, Post
from beside.posts.reach import Reach
from tests.cast import NOW, make_post


@pytest.fixture
def letter(cast) -> Post:
    return make_post(cast.rose, cast.tom, words_for=Audience.ANYONE)


@pytest.fixture
def on(cast, letter) -> Post:
    for author in (cast.rose, cast.tom):
        shelf.allow(letter, by=author, at=NOW)
    return letter


def found(account=None, wanted=shelf.ANYTHING, **more) -> list:
    viewer = Viewer(account.pk) if account else NOBODY
    return [post.pk for post in shelf.letters(viewer, wanted, at=NOW, **more).posts]


def told(account) -> list[str]:
    return list(Notice.objects.filter(recipient=account).values_list("kind", flat=True))


def test_it_is_there_once_each_author_has_said_so(cast, letter):
    shelf.allow(letter, by=cast.rose, at=NOW)

    assert found(cast.nan) == []
    assert told(cast.tom) == [Notice.Kind.SHELF_OFFERED]
    assert [one.pk for one in shelf.standing(letter, cast.rose).undecided] == [cast.tom.pk]

    shelf.allow(letter, by=cast.tom, at=NOW)

    assert found(cast.nan) == [letter.pk]
    assert told(cast.tom) == told(cast.rose) == []
    assert shelf.standing(letter, cast.rose).is_on


def test_any_author_takes_it_off_at_once_and_puts_it_back_alone(cast, on):
    shelf.end(on, by=cast.tom, at=NOW)

    assert found(cast.nan) == []

    shelf.allow(on, by=cast.tom, at=NOW)

    assert found(cast.nan) == [on.pk]


def test_only_its_authors_decide(cast, letter):
    for act in (shelf.allow, shelf.end):
        with pytest.raises(NotAnAuthor):
            act(letter, by=cast.nan, at=NOW)
    with pytest.raises(NotAnAuthor):
        shelf.say_language(letter, "de", by=cast.nan)


def test_a_new_author_takes_it_off_until_they_say_yes_too(cast, on):
    Authorship.objects.create(post=on, account=cast.ada, joined_at=NOW)

    assert found(cast.nan) == []

    coauthors.step_out(on, by=cast.ada, at=NOW)

    assert found(cast.nan) == [on.pk]


@pytest.mark.parametrize("state", [Post.State.DRAFT, Post.State.CLOSED])
def test_what_is_not_published_is_not_there(cast, on, state):
    Post.objects.filter(pk=on.pk).update(state=state)

    assert found(cast.nan) == found(cast.rose) == []
    assert not shelf.standing(on, cast.rose).is_on


def test_it_leaves_with_its_words(cast, on):
    words = Reach(Audience.PEOPLE, accounts=frozenset({cast.nan.pk}))
    audiences.change(on, replace(audiences.chosen(on), words=words), by=cast.rose, at=NOW)

    assert found(cast.nan) == found(cast.rose) == []


def test_a_suspended_letter_is_not_there_for_its_authors_either(cast, on):
    suspensions.suspend(on.pk, because="", at=NOW)

    assert found(cast.rose) == []


def test_a_visitor_finds_only_what_is_for_anybody_at_all(cast, on):
    assert found() == []

    Post.objects.filter(pk=on.pk).update(words_signed_in=False)

    assert found() == [on.pk]


def test_letters_are_found_by_all_that_is_asked_for(cast, on):
    facets.choose(on, [Facet.AFTER_BIRTH, Facet.TWINS], by=cast.rose)
    shelf.say_language(on, "de", by=cast.rose)

    assert found(cast.nan, Wanted(frozenset({Facet.AFTER_BIRTH, Facet.TWINS}))) == [on.pk]
    assert found(cast.nan, Wanted(frozenset({Facet.AFTER_BIRTH, Facet.ILLNESS}))) == []
    assert found(cast.nan, Wanted(language="de")) == [on.pk]
    assert found(cast.nan, Wanted(language="fr")) == []


def test_a_language_is_one_of_those_that_have_a_name(cast, letter):
    with pytest.raises(ValueError, match="tlh"):
        shelf.say_language(letter, "tlh", by=cast.rose)


def test_what_a_reader_would_rather_not_see_is_left_out_or_asked_about(cast, on):
    facets.choose(on, [Facet.AFTER_BIRTH], by=cast.rose)
    content_preferences.choose(cast.nan, {Facet.AFTER_BIRTH: "ask"})

    page = shelf.letters(Viewer(cast.nan.pk), at=NOW)

    assert page.asks == {on.pk: [Facet.AFTER_BIRTH]}

    content_preferences.choose(cast.nan, {Facet.AFTER_BIRTH: "not for now"})

    assert found(cast.nan) == []

    content_preferences.choose(cast.nan, {})
    content_preferences.not_today(cast.nan, at=NOW)

    assert shelf.letters(Viewer(cast.nan.pk), at=NOW).not_today


@pytest.mark.thorough
def test_each_letter_is_found_once_over_all_pages_newest_first(cast):
    times = [NOW - timedelta(hours=number // 3) for number in range(2 * PAGE + 3)]
    for at in times:
        post = make_post(cast.ada, words_for=Audience.ANYONE, at=at)
        shelf.allow(post, by=cast.ada, at=NOW)

    met, cursor = [], None
    while True:
        page = shelf.letters(Viewer(cast.nan.pk), at=NOW, before=cursor)
        met += page.posts
        cursor = page.next_cursor
        if cursor is None:
            break

    assert len({post.pk for post in met}) == len(met) == len(times)
    assert met == sorted(met, key=lambda post: (post.published_at, post.pk), reverse=True)


def test_an_older_backup_does_not_put_it_back(cast, on):
    shelf.end(on, by=cast.tom, at=NOW)
    row = Narrowing.objects.get(kind=Narrowing.Kind.SHELF_LEFT)
    Authorship.objects.update(may_be_found=True)

    replay(row.kind, row.subject, at=NOW)

    assert found(cast.nan) == []
    assert Authorship.objects.get(post=on, account=cast.rose).may_be_found


def test_the_list_takes_few_queries_however_many_there_are(cast, on, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        found(cast.nan)
