from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from beside.people.models import Account, Narrowing
from beside.posts import audiences, reach
from beside.posts.audiences import TakenBackForGood
from beside.posts.authorship import NotAnAuthor, WaitsForOthers
from beside.posts.models import Audience, Post
from beside.posts.reach import Chosen, NobodyNamed, NoteNeeded, PhotographsWiderThanWords, Reach
from tests.cast import NOW, make_circle, make_photo, make_post

ONE, TWO, CIRCLE = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
US = Reach()
HERE = Reach(Audience.ANYONE)
ALL = Reach(Audience.ANYONE, signed_in=False)


def people(*accounts, circles=()) -> Reach:
    return Reach(Audience.PEOPLE, accounts=frozenset(accounts), circles=frozenset(circles))


@pytest.mark.parametrize(
    ("old", "new", "wider"),
    [
        (US, US, False),
        (US, people(ONE), True),
        (US, people(circles=[CIRCLE]), True),
        (US, HERE, True),
        (people(ONE), US, False),
        (people(ONE), people(ONE), False),
        (people(ONE, TWO), people(ONE), False),
        (people(ONE), people(ONE, TWO), True),
        (people(ONE), people(TWO), True),
        (people(ONE), people(ONE, circles=[CIRCLE]), True),
        (people(ONE, circles=[CIRCLE]), people(ONE), False),
        (people(ONE), HERE, True),
        (HERE, people(ONE), False),
        (HERE, ALL, True),
        (ALL, HERE, False),
        (ALL, US, False),
        (people(ONE), Reach(Audience.LET_IN), True),
        (Reach(Audience.LET_IN), people(ONE), True),
        (HERE, Reach(Audience.LET_IN), False),
    ],
)
def test_going_to_anybody_new_is_wider(old, new, wider):
    assert reach.is_wider(Chosen(old, US), Chosen(new, US)) is wider
    assert reach.is_wider(Chosen(ALL, old), Chosen(ALL, new)) is wider


@pytest.mark.parametrize(
    ("old", "new", "photographs", "wider"),
    [(True, False, HERE, True), (False, True, HERE, False), (True, False, US, False)],
)
def test_unfolding_for_others_is_wider(old, new, photographs, wider):
    before = Chosen(HERE, photographs, veiled=old)

    assert reach.is_wider(before, replace(before, veiled=new)) is wider


@pytest.mark.parametrize(
    ("words", "photographs"),
    [(US, HERE), (people(ONE), HERE), (people(ONE), people(TWO)), (HERE, ALL), (US, people(ONE))],
)
def test_photographs_wider_than_words_are_refused(cast, words, photographs):
    post = make_post(cast.rose, state=Post.State.DRAFT)

    with pytest.raises(PhotographsWiderThanWords):
        reach.check(post, Chosen(words, photographs))
    with pytest.raises(PhotographsWiderThanWords):
        audiences.choose(post, Chosen(words, photographs), by=cast.rose)


@pytest.mark.parametrize(
    "columns",
    [
        {"words_for": Audience.ONLY_US, "photographs_for": Audience.ANYONE},
        {
            "words_for": Audience.ANYONE,
            "photographs_for": Audience.ANYONE,
            "words_signed_in": True,
            "photographs_signed_in": False,
        },
    ],
)
def test_the_database_refuses_photographs_wider_than_words(cast, columns):
    post = make_post(cast.rose)

    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(pk=post.pk).update(**columns)


def test_a_person_in_a_circle_for_the_words_can_be_named_for_the_photographs(cast):
    family = make_circle(cast.rose, of=[cast.nan])
    post = make_post(cast.rose, state=Post.State.DRAFT)
    wanted = Chosen(people(circles=[family.pk]), people(cast.nan.pk))

    audiences.choose(post, wanted, by=cast.rose)

    post.refresh_from_db()
    assert audiences.chosen(post) == wanted


def test_these_people_without_anybody_is_asked_about(cast):
    post = make_post(cast.rose, words_for=[cast.nan])

    with pytest.raises(NobodyNamed):
        reach.check(post, Chosen(people(), US))


def test_the_sole_author_widens_at_once(cast):
    post = make_post(cast.rose)
    wanted = Chosen(HERE, people(cast.nan.pk))

    audiences.change(post, wanted, by=cast.rose, at=NOW)

    post.refresh_from_db()
    assert audiences.chosen(post) == wanted
    assert not Narrowing.objects.exists()


def test_one_of_two_authors_narrows_alone_and_it_is_written_down(cast):
    post = make_post(
        cast.rose, cast.tom, words_for=[cast.nan, cast.ines], photographs_for=[cast.nan]
    )

    audiences.change(post, Chosen(people(cast.ines.pk), US), by=cast.tom, at=NOW)

    post.refresh_from_db()
    assert audiences.chosen(post) == Chosen(people(cast.ines.pk), US)
    assert Narrowing.objects.get().subject == {"post": str(post.pk)}


def test_one_of_two_authors_cannot_widen(cast):
    post = make_post(cast.rose, cast.tom, words_for=[cast.nan])

    with pytest.raises(WaitsForOthers, match="Rose"):
        audiences.change(post, Chosen(HERE, US), by=cast.tom, at=NOW)
    post.refresh_from_db()
    assert audiences.chosen(post) == Chosen(people(cast.nan.pk), US)


def test_widening_to_folded_photographs_needs_the_authors_sentence(cast):
    post = make_post(cast.rose, note="", photos=[make_photo(cast.rose)])

    with pytest.raises(NoteNeeded):
        audiences.change(post, Chosen(HERE, HERE), by=cast.rose, at=NOW)


def test_nothing_keeps_an_author_from_folding_and_narrowing(cast):
    post = make_post(
        cast.rose,
        note="",
        veiled=False,
        words_for=Audience.ANYONE,
        photographs_for=Audience.ANYONE,
        photos=[make_photo(cast.rose)],
    )

    audiences.change(post, Chosen(HERE, HERE, veiled=True), by=cast.rose, at=NOW)
    audiences.show_to_nobody(post, by=cast.rose, at=NOW)

    post.refresh_from_db()
    assert audiences.chosen(post) == Chosen(US, US, veiled=True)


def test_a_strangers_circle_cannot_be_named(cast):
    theirs = make_circle(cast.ada, of=[cast.nan])
    post = make_post(cast.rose)

    audiences.change(post, Chosen(people(circles=[theirs.pk]), US), by=cast.rose, at=NOW)

    post.refresh_from_db()
    assert audiences.chosen(post).words.circles == frozenset()


def test_a_co_authors_circle_stays_named(cast):
    family = make_circle(cast.tom, of=[cast.nan])
    post = make_post(cast.rose, cast.tom, words_for=[family, cast.ines])

    audiences.change(post, Chosen(people(circles=[family.pk]), US), by=cast.rose, at=NOW)

    post.refresh_from_db()
    assert audiences.chosen(post).words == people(circles=[family.pk])


def test_what_was_taken_back_goes_to_nobody(cast):
    post = make_post(cast.rose, state=Post.State.TAKEN_BACK)

    with pytest.raises(TakenBackForGood):
        audiences.change(post, Chosen(HERE, HERE), by=cast.rose, at=NOW)


@pytest.mark.parametrize("who", ["tom", "nan"])
def test_nobody_else_changes_whom_it_is_for(cast, who):
    post = make_post(cast.rose, words_for=[cast.nan])

    with pytest.raises(NotAnAuthor):
        audiences.change(post, Chosen(), by=cast[who], at=NOW)


@pytest.mark.parametrize(
    ("words", "photographs", "then"),
    [
        (US, HERE, US),
        (HERE, ALL, HERE),
        (people(ONE), HERE, people(ONE)),
        (people(ONE), people(ONE, TWO, circles=[CIRCLE]), people(ONE)),
        (people(ONE), people(TWO), US),
        (ALL, people(TWO), people(TWO)),
    ],
)
def test_photographs_are_drawn_in_to_the_words(db, words, photographs, then):
    assert reach.within_words(Chosen(words, photographs)) == Chosen(words, then)


def test_a_narrowing_is_a_handful_of_statements_however_many_it_was_for(
    cast, django_assert_max_num_queries
):
    family = make_circle(cast.rose, of=[cast.nan])
    people = [family, cast.ines, cast.ada, cast.nan]
    post = make_post(cast.rose, words_for=people, photographs_for=people)
    fewer = replace(audiences.chosen(post), photographs=Reach())

    with django_assert_max_num_queries(10):
        audiences.change(post, fewer, by=cast.rose, at=NOW)
    with django_assert_max_num_queries(12):
        audiences.show_to_nobody(post, by=cast.rose, at=NOW)

    assert not post.grants.exists()


def test_what_it_was_for_before_is_kept_and_can_be_put_back(cast):
    family = make_circle(cast.rose, of=[cast.nan])
    post = make_post(cast.rose, words_for=[family, cast.ines], photographs_for=[family])
    before = audiences.chosen(post)

    audiences.show_to_nobody(post, by=cast.rose, at=NOW)
    post.refresh_from_db()
    kept = audiences.before_narrowing(post)
    audiences.change(post, kept, by=cast.rose, at=NOW)
    post.refresh_from_db()

    assert kept == before == audiences.chosen(post)
    assert audiences.before_narrowing(post) is None


def test_putting_it_back_needs_every_author(cast):
    post = make_post(cast.rose, cast.tom, words_for=[cast.nan, cast.ines])
    audiences.change(
        post,
        Chosen(words=Reach(Audience.PEOPLE, accounts=frozenset({cast.nan.pk}))),
        by=cast.rose,
        at=NOW,
    )
    post.refresh_from_db()
    kept = audiences.before_narrowing(post)

    with pytest.raises(WaitsForOthers):
        audiences.change(post, kept, by=cast.rose, at=NOW)

    audiences.change(post, kept, by=cast.rose, at=NOW, approved_by={cast.tom.pk})
    assert audiences.chosen(Post.objects.get()).words.accounts == {cast.nan.pk, cast.ines.pk}


def test_who_is_gone_is_not_put_back(cast):
    family = make_circle(cast.rose, of=[cast.nan])
    post = make_post(cast.rose, words_for=[family, cast.ines])
    audiences.show_to_nobody(post, by=cast.rose, at=NOW)
    family.delete()
    Account.objects.filter(pk=cast.ines.pk).update(is_active=False)
    post.refresh_from_db()

    assert audiences.before_narrowing(post) is None


def test_a_change_that_changes_nothing_forgets_nothing(cast):
    post = make_post(cast.rose, words_for=[cast.nan, cast.ines])
    audiences.show_to_nobody(post, by=cast.rose, at=NOW)
    audiences.show_to_nobody(post, by=cast.rose, at=NOW)
    post.refresh_from_db()

    assert audiences.before_narrowing(post).words.accounts == {cast.nan.pk, cast.ines.pk}
