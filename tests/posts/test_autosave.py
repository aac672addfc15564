from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from beside.posts import autosave, drafting
from beside.posts.authorship import NotAnAuthor
from beside.posts.autosave import EditorPage
from beside.posts.models import Autosave, Post, Revision
from beside.posts.text import PhotoText, Text, from_json, text_of
from tests.cast import NOW, make_photo, make_post

LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def draft(cast) -> Post:
    return drafting.begin(uuid.uuid4(), by=cast.rose, at=NOW)


def a_page(version: int) -> EditorPage:
    return EditorPage(uuid.uuid4(), version)


def test_beginning_twice_is_one_draft(cast):
    post_id = uuid.uuid4()

    drafting.begin(post_id, by=cast.rose, at=NOW)
    drafting.begin(post_id, by=cast.rose, at=LATER)

    assert Post.objects.get().begun_at == NOW


def test_nobody_begins_in_the_place_of_another(cast, draft):
    with pytest.raises(NotAnAuthor):
        drafting.begin(draft.pk, by=cast.tom, at=NOW)


def test_words_captions_and_descriptions_are_kept(cast, draft):
    photo = make_photo(cast.rose)
    drafting.place(draft, photo, by=cast.rose)
    hand = PhotoText("A hand", "His", beside_previous=True)
    said = Text(
        {"title": "A title", "words": "Words", "note": "A note"},
        ("died", "face"),
        veiled=False,
        photos={photo.pk: hand},
    )

    kept = autosave.save(draft, said, by=cast.rose, page=a_page(draft.version), at=LATER)

    draft.refresh_from_db()
    assert text_of(draft) == said
    assert (draft.state, draft.version, draft.saved_at, kept.beside) == (
        Post.State.DRAFT,
        kept.version,
        LATER,
        None,
    )


def test_the_same_words_again_change_nothing(cast, draft):
    page = a_page(draft.version)
    first = autosave.save(draft, Text().changed(words="Once"), by=cast.rose, page=page, at=NOW)

    again = autosave.save(draft, Text().changed(words="Once"), by=cast.rose, page=page, at=LATER)

    assert again == first


def test_a_page_whose_answer_was_lost_goes_on_from_its_own_words(cast, draft):
    page = a_page(draft.version)
    autosave.save(draft, Text().changed(words="Once"), by=cast.rose, page=page, at=NOW)

    kept = autosave.save(
        draft, Text().changed(words="Once more"), by=cast.rose, page=page, at=LATER
    )

    draft.refresh_from_db()
    assert (draft.words, kept.beside) == ("Once more", None)


@pytest.mark.parametrize("state", [Post.State.DRAFT, Post.State.PUBLISHED])
def test_two_devices_lose_neither_text(cast, state):
    post = make_post(cast.rose, state=state, words="Before")
    version = post.version if state == Post.State.DRAFT else 0
    phone, tablet = a_page(version), a_page(version)

    autosave.save(
        post, text_of(post).changed(words="From the phone"), by=cast.rose, page=phone, at=NOW
    )
    kept = autosave.save(
        post, text_of(post).changed(words="From the tablet"), by=cast.rose, page=tablet, at=LATER
    )
    autosave.save(
        post,
        text_of(post).changed(words="From the tablet, on"),
        by=cast.rose,
        page=tablet,
        at=LATER,
    )

    post.refresh_from_db()
    (beside,) = autosave.from_other_devices(post, by=cast.rose)
    first = autosave.unpublished_changes(post, by=cast.rose)
    assert (from_json(first.fields) if first else text_of(post))["words"] == "From the phone"
    assert from_json(beside.fields)["words"] == "From the tablet, on"
    assert kept.beside == beside


def test_taking_the_other_version_keeps_this_one(cast, draft):
    phone, tablet = a_page(draft.version), a_page(draft.version)
    autosave.save(draft, Text().changed(words="Phone"), by=cast.rose, page=phone, at=NOW)
    other = autosave.save(
        draft, Text().changed(words="Tablet"), by=cast.rose, page=tablet, at=NOW
    ).beside

    autosave.restore(other, by=cast.rose, at=LATER)

    draft.refresh_from_db()
    (beside,) = autosave.from_other_devices(draft, by=cast.rose)
    assert (draft.words, from_json(beside.fields)["words"]) == ("Tablet", "Phone")


def test_a_device_that_was_open_all_along_cannot_write_over_what_was_taken(cast, draft):
    phone, tablet = a_page(draft.version), a_page(draft.version)
    autosave.save(draft, Text().changed(words="Phone"), by=cast.rose, page=phone, at=NOW)
    other = autosave.save(
        draft, Text().changed(words="Tablet"), by=cast.rose, page=tablet, at=NOW
    ).beside
    autosave.restore(other, by=cast.rose, at=LATER)

    autosave.save(
        draft,
        Text().changed(words="Phone, on"),
        by=cast.rose,
        page=EditorPage(phone.id, phone.version + 1),
        at=LATER,
    )

    draft.refresh_from_db()
    texts = {
        from_json(one.fields)["words"] for one in autosave.from_other_devices(draft, by=cast.rose)
    }
    assert (draft.words, texts) == ("Tablet", {"Phone", "Phone, on"})


def test_what_is_typed_in_a_published_letter_is_shown_to_nobody(cast):
    post = make_post(cast.rose, words="As it was")

    autosave.save(
        post, text_of(post).changed(words="Half a sen"), by=cast.rose, page=a_page(0), at=NOW
    )

    post.refresh_from_db()
    assert (post.words, Revision.objects.exists()) == ("As it was", False)
    assert (
        from_json(autosave.unpublished_changes(post, by=cast.rose).fields)["words"] == "Half a sen"
    )


def test_another_version_can_be_thrown_away(cast, draft):
    autosave.save(
        draft, Text().changed(words="Phone"), by=cast.rose, page=a_page(draft.version), at=NOW
    )
    other = autosave.save(
        draft, Text().changed(words="Tablet"), by=cast.rose, page=a_page(1), at=NOW
    ).beside

    autosave.discard(other, by=cast.rose)

    assert autosave.from_other_devices(draft, by=cast.rose) == []


@pytest.mark.parametrize(
    "act", ["save", "unpublished_changes", "from_other_devices", "restore", "discard"]
)
def test_nobody_else_reaches_what_is_kept(cast, draft, act):
    row = Autosave.objects.create(
        post=draft, author=cast.rose, saved_at=NOW, fields=Text().as_json()
    )
    acts = {
        "save": lambda: autosave.save(draft, Text(), by=cast.tom, page=a_page(1), at=NOW),
        "unpublished_changes": lambda: autosave.unpublished_changes(draft, by=cast.tom),
        "from_other_devices": lambda: autosave.from_other_devices(draft, by=cast.tom),
        "restore": lambda: autosave.restore(row, by=cast.tom, at=NOW),
        "discard": lambda: autosave.discard(row, by=cast.tom),
    }

    with pytest.raises(NotAnAuthor):
        acts[act]()


def test_words_for_a_photograph_that_lies_elsewhere_are_left_out(cast, draft):
    elsewhere = make_photo(cast.rose)

    autosave.save(
        draft,
        Text().changed(photos={elsewhere.pk: PhotoText("Mine now")}),
        by=cast.rose,
        page=a_page(1),
        at=NOW,
    )

    elsewhere.refresh_from_db()
    assert elsewhere.description == "Morning light on a hospital wall."
