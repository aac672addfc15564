from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from beside.posts import autosave, drafting, editing
from beside.posts.authorship import NotAnAuthor
from beside.posts.autosave import EditorPage, PhotoPage
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


# The words of one photograph, from a page of their own


def a_photo_page(post, photo, by):
    words = autosave.current_text(post, by=by).photos[photo.pk]
    return PhotoPage(uuid.uuid4(), autosave.digest(words))


def save_photo(post, photo, words, *, by, page):
    return autosave.save_photo(post, photo.pk, PhotoText(words), by=by, page=page, at=NOW)


def test_a_photographs_words_do_not_disturb_the_page_of_the_letter(cast):
    photo = make_photo(cast.rose, description="", caption="")
    post = make_post(cast.rose, photos=[photo], state=Post.State.DRAFT)
    letter = EditorPage(uuid.uuid4(), post.version)

    save_photo(post, photo, "A hand", by=cast.rose, page=a_photo_page(post, photo, cast.rose))
    said = Text(typed={"words": "Typed meanwhile"})
    saved = autosave.save(post, said, by=cast.rose, page=letter, at=NOW)

    photo.refresh_from_db()
    post.refresh_from_db()
    assert saved.beside is None
    assert (photo.description, post.words) == ("A hand", "Typed meanwhile")


def test_two_devices_that_describe_one_photograph_lose_neither(cast):
    photo = make_photo(cast.rose, description="", caption="")
    post = make_post(cast.rose, cast.tom, photos=[photo], state=Post.State.DRAFT)
    phone, tablet = (a_photo_page(post, photo, who) for who in (cast.rose, cast.tom))

    save_photo(post, photo, "A hand", by=cast.rose, page=phone)
    saved = save_photo(post, photo, "Two hands", by=cast.tom, page=tablet)

    photo.refresh_from_db()
    beside = from_json(saved.beside.fields).photos[photo.pk]
    assert (photo.description, beside.description) == ("A hand", "Two hands")


def test_a_published_photographs_words_show_only_when_said(cast):
    photo = make_photo(cast.rose, description="Before")
    post = make_post(cast.rose, photos=[photo])

    save_photo(post, photo, "After", by=cast.rose, page=a_photo_page(post, photo, cast.rose))
    said = Text(typed={"words": "Also after"}).changed(note="x")
    autosave.save(post, said, by=cast.rose, page=EditorPage(uuid.uuid4(), 0), at=NOW)
    photo.refresh_from_db()
    assert photo.description == "Before"
    shown = EditorPage(uuid.uuid4(), post.version)
    editing.edit(post, said, by=cast.rose, page=shown, at=NOW)

    photo.refresh_from_db()
    assert photo.description == "After"


def test_nobody_else_describes_a_photograph_of_the_letter(cast):
    photo, elsewhere = make_photo(cast.rose), make_photo(cast.nan)
    post = make_post(cast.rose, photos=[photo], state=Post.State.DRAFT)
    page = a_photo_page(post, photo, cast.rose)

    for one, by in ((photo, cast.nan), (elsewhere, cast.rose)):
        with pytest.raises(NotAnAuthor):
            save_photo(post, one, "Mine", by=by, page=page)


@pytest.mark.parametrize("state", [Post.State.DRAFT, Post.State.PUBLISHED])
def test_a_photographs_line_comes_after_the_words_and_shows_to_nobody(cast, state):
    post = make_post(cast.rose, words="We knew.\n", state=state)

    autosave.add_photo_line(post, 3, by=cast.rose, at=NOW)

    post.refresh_from_db()
    words = autosave.current_text(post, by=cast.rose)["words"]
    assert words == "We knew.\n\n[photograph 3]\n"
    assert (post.words == words) == (state == Post.State.DRAFT)
