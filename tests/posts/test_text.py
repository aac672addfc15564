"""A letter's text fields are one list: whatever handles a letter's text handles each of them."""

from __future__ import annotations

from uuid import uuid4

import pytest

from beside.archive import data
from beside.posts import autosave, editing, snapshots
from beside.posts.autosave import EditorPage
from beside.posts.models import LetterText, Post, Revision
from beside.posts.text import FIELDS, Text, fields_of, from_json, text_of
from beside.web.forms.editor import LetterForm, initial, typed_text
from tests.cast import NOW, make_post

every_field = pytest.mark.parametrize("name", FIELDS)


def page_of(post):
    return EditorPage(uuid4(), post.version)


def test_the_list_is_the_models():
    assert tuple(field.name for field in LetterText._meta.local_fields) == FIELDS
    for model in (Post, Revision):
        assert set(FIELDS) <= {field.name for field in model._meta.get_fields()}


@every_field
def test_each_field_is_saved_restored_and_kept_as_a_revision(cast, name):
    post = make_post(cast.rose, state=Post.State.DRAFT)
    autosave.save(post, Text().changed(**{name: "Mine"}), by=cast.rose, page=page_of(post), at=NOW)
    post.refresh_from_db()
    assert getattr(post, name) == "Mine"

    shown = make_post(cast.rose, **{name: "Before"})
    after = text_of(shown).changed(**{name: "After"})
    row = autosave.save_beside(shown, after, by=cast.rose, page=uuid4(), at=NOW)
    assert from_json(row.fields) == after
    editing.edit(shown, after, by=cast.rose, page=page_of(shown), at=NOW)

    assert getattr(Revision.objects.get(post=shown), name) == "Before"
    shown.refresh_from_db()
    assert fields_of(shown)[name] == "After"


@every_field
def test_each_field_is_what_an_approval_is_about(cast, name):
    post = make_post(cast.rose, **{name: "Before"})
    digest = snapshots.digest_of(post)
    setattr(post, name, "After")

    assert snapshots.digest_of(post) != digest


@every_field
def test_each_field_is_on_the_editors_form(name):
    text = Text().changed(**{name: "Mine"})
    form = LetterForm({"page": uuid4(), "version": 1, "over": 1, **initial(text)})

    assert form.is_valid(), form.errors
    assert typed_text(form) == text


@every_field
def test_each_field_is_in_the_archive_for_earlier_versions_too(cast, name):
    before = Revision(editor=cast.rose, replaced_at=NOW, **{name: "Before"})

    assert data._earlier(before)[name] == "Before"


def test_a_field_that_an_older_autosave_lacks_is_empty():
    saved = Text().changed(words="Mine").as_json()
    del saved["note"]

    assert from_json(saved) == Text().changed(words="Mine")


def test_a_title_loses_what_would_turn_the_words_around_it_and_the_letter_loses_nothing():
    typed = "שלום\u202e 👨\u200d👩\u200d👧\u2067  x\n"

    text = Text().changed(title=typed, about_when=typed, words=typed, note=typed)

    assert text["title"] == text["about_when"] == "שלום 👨\u200d👩\u200d👧  x"
    assert text["words"] == text["note"] == typed
