from __future__ import annotations

import pytest

from beside.notices.models import Notice
from beside.people.models import Block
from beside.photos.models import Photo
from beside.posts import publishing
from beside.posts.audiences import TakenBackForGood
from beside.posts.authorship import NotAnAuthor, WaitsForOthers
from beside.posts.models import Audience, Post
from beside.posts.publishing import NothingToPublish
from beside.posts.reach import NobodyNamed, NoteNeeded
from tests.cast import NOW, make_circle, make_photo, make_post


def make_draft(*authors, **fields):
    return make_post(*authors, state=Post.State.DRAFT, **fields)


def test_a_draft_is_published(cast):
    post = make_draft(cast.rose, words_for=Audience.ANYONE)

    publishing.publish(post, by=cast.rose, at=NOW)

    post.refresh_from_db()
    assert (post.state, post.published_at) == (Post.State.PUBLISHED, NOW)


def test_publishing_twice_keeps_the_first_time(cast):
    post = make_post(cast.rose, at=NOW)

    publishing.publish(post, by=cast.rose, at=None)

    post.refresh_from_db()
    assert post.published_at == NOW


def test_a_closed_letter_is_not_opened_by_publishing(cast):
    post = make_post(cast.rose, state=Post.State.CLOSED)

    publishing.publish(post, by=cast.rose, at=NOW)

    post.refresh_from_db()
    assert post.state == Post.State.CLOSED


def test_what_was_taken_back_is_not_published(cast):
    post = make_post(cast.rose, state=Post.State.TAKEN_BACK)

    with pytest.raises(TakenBackForGood):
        publishing.publish(post, by=cast.rose, at=NOW)


@pytest.mark.parametrize("words", ["", " \n "])
def test_there_must_be_something_to_publish(cast, words):
    post = make_draft(cast.rose, words=words)

    with pytest.raises(NothingToPublish):
        publishing.publish(post, by=cast.rose, at=NOW)


def test_a_refused_photograph_is_nothing_to_publish(cast):
    photo = make_photo(cast.rose, state=Photo.State.REFUSED, refusal="film")
    post = make_draft(cast.rose, words="", photos=[photo])

    with pytest.raises(NothingToPublish):
        publishing.publish(post, by=cast.rose, at=NOW)


@pytest.mark.parametrize("words", ["", "Words"])
def test_words_or_photographs_alone_are_enough(cast, words):
    photos = [] if words else [make_photo(cast.rose)]
    post = make_draft(cast.rose, title="", words=words, photos=photos)

    publishing.publish(post, by=cast.rose, at=NOW)

    post.refresh_from_db()
    assert post.state == Post.State.PUBLISHED


def test_folded_photographs_for_others_need_the_authors_sentence(cast):
    post = make_draft(
        cast.rose,
        note=" ",
        photos=[make_photo(cast.rose)],
        words_for=[cast.nan],
        photographs_for=[cast.nan],
    )

    with pytest.raises(NoteNeeded):
        publishing.publish(post, by=cast.rose, at=NOW)


@pytest.mark.parametrize(
    "fields", [{"veiled": False}, {"photographs_for": Audience.ONLY_US}, {"photos": []}]
)
def test_where_no_reader_meets_a_fold_no_sentence_is_needed(cast, fields):
    given = {
        "note": "",
        "photos": [make_photo(cast.rose)],
        "words_for": Audience.ANYONE,
        "photographs_for": Audience.ANYONE,
    }
    post = make_draft(cast.rose, **given | fields)

    publishing.publish(post, by=cast.rose, at=NOW)

    post.refresh_from_db()
    assert post.state == Post.State.PUBLISHED


def test_these_people_without_anybody_is_asked_about(cast):
    post = make_draft(cast.rose, words_for=[])

    with pytest.raises(NobodyNamed):
        publishing.publish(post, by=cast.rose, at=NOW)


def test_one_of_two_authors_cannot_publish_to_others(cast):
    post = make_draft(cast.rose, cast.tom, words_for=[cast.nan])

    with pytest.raises(WaitsForOthers):
        publishing.publish(post, by=cast.rose, at=NOW)


def test_one_of_two_authors_publishes_to_the_two_of_them(cast):
    post = make_draft(cast.rose, cast.tom)

    publishing.publish(post, by=cast.rose, at=NOW)

    post.refresh_from_db()
    assert post.state == Post.State.PUBLISHED


def test_those_who_are_named_are_told_and_nobody_else(cast):
    family = make_circle(cast.rose, of=[cast.ines, cast.rose, cast.ada])
    Block.objects.create(blocker=cast.ada, blocked=cast.rose, at=NOW)
    post = make_draft(cast.rose, words_for=[cast.nan, family])

    publishing.publish(post, by=cast.rose, at=NOW)

    told = set(Notice.objects.values_list("recipient", "kind", "about"))
    assert told == {(who.pk, Notice.Kind.SHARED, post.pk) for who in (cast.nan, cast.ines)}


def test_a_letter_for_anyone_is_announced_to_nobody(cast):
    post = make_draft(cast.rose, words_for=Audience.ANYONE)

    publishing.publish(post, by=cast.rose, at=NOW)

    assert not Notice.objects.exists()


def test_nobody_else_publishes(cast):
    with pytest.raises(NotAnAuthor):
        publishing.publish(make_draft(cast.rose), by=cast.tom, at=NOW)
