from __future__ import annotations

import uuid

import pytest

from beside.people.models import Narrowing
from beside.posts import audiences, autosave, editing
from beside.posts.audiences import TakenBackForGood
from beside.posts.authorship import NotAnAuthor, WaitsForOthers
from beside.posts.autosave import EditorPage
from beside.posts.models import Audience, Post
from beside.posts.reach import NoteNeeded
from beside.posts.text import PhotoText, from_json, text_of
from tests.cast import NOW, make_photo, make_post


def page_of(post) -> EditorPage:
    return EditorPage(uuid.uuid4(), post.version)


def test_a_change_shows_at_once_and_its_authors_keep_how_it_was(cast):
    photo = make_photo(cast.rose)
    post = make_post(cast.rose, words="Before", photos=[photo])
    said = text_of(post).changed(words="After", photos={photo.pk: PhotoText("A hand", "His")})

    editing.edit(post, said, by=cast.rose, page=page_of(post), at=NOW)

    post.refresh_from_db()
    (before,) = editing.history(post, by=cast.rose)
    assert text_of(post) == said
    assert (before.words, before.replaced_at, before.editor) == ("Before", NOW, cast.rose)
    assert before.photographs[str(photo.pk)][1] == "Room 4, a little after six."


def test_a_change_that_changes_nothing_leaves_no_trace(cast):
    post = make_post(cast.rose)

    editing.edit(post, text_of(post), by=cast.rose, page=page_of(post), at=NOW)

    assert editing.history(post, by=cast.rose) == []


def test_a_change_ends_what_was_kept_aside(cast):
    post = make_post(cast.rose)
    said = text_of(post).changed(words="After")
    autosave.save(post, said, by=cast.rose, page=EditorPage(uuid.uuid4(), 0), at=NOW)

    editing.edit(post, said, by=cast.rose, page=page_of(post), at=NOW)

    assert autosave.unpublished_changes(post, by=cast.rose) is None


def test_a_change_on_top_of_one_that_was_not_seen_loses_neither(cast):
    post = make_post(cast.rose, cast.tom, words="Before")
    roses, toms = page_of(post), page_of(post)
    editing.edit(post, text_of(post).changed(words="Rose's"), by=cast.rose, page=roses, at=NOW)
    post.refresh_from_db()

    kept = editing.edit(post, text_of(post).changed(words="Tom's"), by=cast.tom, page=toms, at=NOW)

    post.refresh_from_db()
    assert (post.words, from_json(kept.beside.fields)["words"]) == ("Rose's", "Tom's")


def test_one_of_two_authors_cannot_unfold(cast):
    post = make_post(
        cast.rose, cast.tom, words_for=Audience.ANYONE, photographs_for=Audience.ANYONE
    )

    with pytest.raises(WaitsForOthers):
        editing.edit(
            post, text_of(post).changed(veiled=False), by=cast.rose, page=page_of(post), at=NOW
        )


def test_the_sentence_cannot_be_taken_from_a_fold_that_readers_meet(cast):
    post = make_post(
        cast.rose,
        words_for=Audience.ANYONE,
        photographs_for=Audience.ANYONE,
        photos=[make_photo(cast.rose)],
    )

    with pytest.raises(NoteNeeded):
        editing.edit(post, text_of(post).changed(note=""), by=cast.rose, page=page_of(post), at=NOW)


def test_folding_is_written_down_as_a_narrowing(cast):
    post = make_post(cast.rose, veiled=False)

    editing.edit(post, text_of(post).changed(veiled=True), by=cast.rose, page=page_of(post), at=NOW)

    post.refresh_from_db()
    assert audiences.chosen(post).veiled
    assert Narrowing.objects.get().subject == {"post": str(post.pk)}


def test_what_was_taken_back_is_not_changed(cast):
    post = make_post(cast.rose, state=Post.State.TAKEN_BACK)

    with pytest.raises(TakenBackForGood):
        editing.edit(post, text_of(post), by=cast.rose, page=page_of(post), at=NOW)


def test_nobody_else_changes_it_or_sees_how_it_was(cast):
    post = make_post(cast.rose, words_for=Audience.ANYONE)

    with pytest.raises(NotAnAuthor):
        editing.edit(post, text_of(post), by=cast.nan, page=page_of(post), at=NOW)
    with pytest.raises(NotAnAuthor):
        editing.history(post, by=cast.nan)
