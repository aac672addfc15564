from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from beside.access.policy import NOBODY, Sight, Viewer, with_sight
from beside.access.preview import as_if_published, people_now, people_who_would_see
from beside.people.models import Block
from beside.posts import publishing
from beside.posts.models import Audience, Post
from tests.cast import NOW, make_cast, make_circle, make_photo, make_post

NAMED = st.lists(st.sampled_from(["nan", "ines", "ada", "max", "tom", "circle"]), unique=True)
LEVELS = st.sampled_from([Audience.ONLY_US, Audience.ANYONE])


class Prospects(TestCase):
    @given(
        words=st.one_of(LEVELS, NAMED),
        photographs=st.one_of(LEVELS, NAMED),
        veiled=st.booleans(),
        with_photo=st.booleans(),
        blocked=st.sampled_from([None, "nan", "ines"]),
    )
    def test_what_is_said_before_is_what_comes_after(
        self, words, photographs, veiled, with_photo, blocked
    ):
        cast = make_cast()
        circle = make_circle(cast.rose, of=[cast.ada, cast.max])

        def audience(wanted):
            if isinstance(wanted, int):
                return wanted
            return [circle if one == "circle" else cast[one] for one in wanted] or [cast.nan]

        words, photographs = audience(words), audience(photographs)
        if words == Audience.ONLY_US or (
            isinstance(words, list) and not isinstance(photographs, list)
        ):
            photographs = words
        if isinstance(words, list) and isinstance(photographs, list):
            photographs = words[:1]
        if blocked:
            Block.objects.create(blocker=cast[blocked], blocked=cast.rose, at=NOW)
        post = make_post(
            cast.rose,
            state=Post.State.DRAFT,
            words_for=words,
            photographs_for=photographs,
            veiled=veiled,
            photos=[make_photo(cast.rose)] if with_photo else [],
        )

        before = people_who_would_see(post, at=NOW)
        publishing.publish(post, by=cast.rose, at=NOW)

        assert people_now(post) == before


def test_looking_ahead_publishes_nothing(cast):
    post = make_post(cast.rose, state=Post.State.DRAFT, words_for=[cast.nan])

    with as_if_published(post, at=NOW):
        seen = with_sight(Post.objects.filter(pk=post.pk), Viewer(cast.nan.pk), at=NOW).get().sight

    post.refresh_from_db()
    assert (seen, post.state, post.published_at) == (Sight.WORDS, Post.State.DRAFT, None)


def test_a_closed_letter_can_be_looked_ahead_at_and_one_taken_back_cannot(cast):
    closed = make_post(cast.rose, state=Post.State.CLOSED, words_for=[cast.nan])
    gone = make_post(cast.rose, state=Post.State.TAKEN_BACK, words_for=[cast.nan])

    assert people_who_would_see(closed, at=NOW) == {cast.nan: Sight.WORDS}
    assert people_who_would_see(gone, at=NOW) == {}


def test_a_stranger_meets_only_what_is_for_anyone(cast):
    post = make_post(
        cast.rose, state=Post.State.DRAFT, words_for=Audience.ANYONE, words_signed_in=False
    )

    with as_if_published(post, at=NOW):
        seen = with_sight(Post.objects.filter(pk=post.pk), NOBODY, at=NOW).get().sight

    assert seen == Sight.WORDS


def test_photographs_that_are_still_being_made_ready_are_counted_as_ready(cast):
    photo = make_photo(cast.rose, state="received")
    post = make_post(
        cast.rose,
        state=Post.State.DRAFT,
        words_for=[cast.nan],
        photographs_for=[cast.nan],
        photos=[photo],
    )

    assert people_who_would_see(post, at=NOW) == {cast.nan: Sight.VEIL}
    photo.refresh_from_db()
    assert photo.state == "received"
