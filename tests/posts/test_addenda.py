from __future__ import annotations

from datetime import timedelta

import pytest

from beside.posts import addenda
from beside.posts.addenda import NothingSaid, NotPublishedYet
from beside.posts.audiences import TakenBackForGood
from beside.posts.authorship import NotAnAuthor
from beside.posts.models import Post
from tests.cast import NOW, make_photo, make_post


def test_something_is_said_later_to_the_letter_and_to_one_photograph(cast):
    photo = make_photo(cast.rose)
    post = make_post(cast.rose, cast.tom, photos=[photo])

    to_letter = addenda.add(post, " I couldn't say so. ", by=cast.tom, at=NOW)
    to_photo = addenda.add(
        post, "We already knew.", by=cast.rose, at=NOW + timedelta(days=1), photo=photo
    )

    assert addenda.of(post) == [to_letter, to_photo]
    assert (to_letter.words, to_letter.author, to_letter.added_at) == (
        "I couldn't say so.",
        cast.tom,
        NOW,
    )


def test_a_second_press_does_not_say_it_twice(cast):
    post = make_post(cast.rose)

    first = addenda.add(post, "Once", by=cast.rose, at=NOW)
    again = addenda.add(post, "Once", by=cast.rose, at=NOW)

    assert (first, addenda.of(post)) == (again, [first])


@pytest.mark.parametrize(
    ("state", "words", "refusal"),
    [
        (Post.State.PUBLISHED, "  ", NothingSaid),
        (Post.State.DRAFT, "Words", NotPublishedYet),
        (Post.State.TAKEN_BACK, "Words", TakenBackForGood),
    ],
)
def test_some_things_have_no_later(cast, state, words, refusal):
    post = make_post(cast.rose, state=state)

    with pytest.raises(refusal):
        addenda.add(post, words, by=cast.rose, at=NOW)


def test_a_photograph_of_another_letter_is_not_there(cast):
    with pytest.raises(NotAnAuthor):
        addenda.add(
            make_post(cast.rose), "Words", by=cast.rose, at=NOW, photo=make_photo(cast.rose)
        )


def test_an_author_takes_away_their_own_and_nobody_elses(cast):
    post = make_post(cast.rose, cast.tom)
    said = addenda.add(post, "Words", by=cast.rose, at=NOW)

    addenda.take_away(post, said.pk, by=cast.tom)
    assert addenda.of(post) == [said]
    addenda.take_away(post, said.pk, by=cast.rose)
    assert addenda.of(post) == []


def test_nobody_else_adds_or_takes_away(cast):
    post = make_post(cast.rose)
    said = addenda.add(post, "Words", by=cast.rose, at=NOW)

    with pytest.raises(NotAnAuthor):
        addenda.add(post, "Words", by=cast.nan, at=NOW)
    with pytest.raises(NotAnAuthor):
        addenda.take_away(post, said.pk, by=cast.nan)
