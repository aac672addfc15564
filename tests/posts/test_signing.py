from __future__ import annotations

from uuid import uuid4

import pytest

from beside.people.models import Profile
from beside.posts import autosave, coauthors, editing, signing
from beside.posts.autosave import EditorPage
from beside.posts.markup import Passage, SignatureLine, parts
from beside.posts.models import Post
from beside.posts.text import text_of
from tests.cast import NOW, make_post

ROSES = "We knew from about four.\n\n[signed Rose]"


@pytest.fixture
def draft(cast):
    return make_post(cast.rose, cast.tom, state=Post.State.DRAFT, words="")


def keep(post, words, *, by):
    post.refresh_from_db()
    said, page = text_of(post).changed(words=words), EditorPage(uuid4(), post.version)
    kept = autosave.save(post, said, by=by, page=page, at=NOW)
    post.refresh_from_db()
    return kept


def called(account, name):
    account.profile.name = name
    account.profile.save()


def test_ones_own_signature_is_kept_and_read_as_ones_name(cast, draft):
    kept = keep(draft, ROSES, by=cast.rose)

    assert draft.words == ROSES
    assert kept.unsigned == ()
    assert signing.names_in(draft) == {"Rose": "Rose"}
    assert parts(draft.words, signers=signing.names_in(draft)) == (
        Passage('<p dir="auto">We knew from about four.</p>\n'),
        SignatureLine("Rose"),
    )


def test_a_signature_forged_for_another_becomes_plain_words(cast, draft):
    kept = keep(draft, ROSES, by=cast.tom)

    assert draft.words == "We knew from about four.\n\nRose"
    assert kept.unsigned == ("Rose",)
    assert signing.names_in(draft) == {}


@pytest.mark.parametrize(
    "words",
    [
        ROSES + "\n\nAnd I was with you.",
        "Before.\n\n" + ROSES + "\n\nMore.\n[signed Tom]",
        ROSES.replace("\n\n[", "\n["),
        ROSES.replace("Rose]", "rose ]") + "\n[SIGNED Tom]",
    ],
)
def test_anothers_signature_stays_where_its_paragraph_stays(cast, draft, words):
    keep(draft, ROSES, by=cast.rose)

    kept = keep(draft, words, by=cast.tom)

    assert draft.words == words
    assert kept.unsigned == ()


@pytest.mark.parametrize(
    "words",
    [
        "We knew from about five.\n\n[signed Rose]",
        "We knew from about four.\nI was angry.\n\n[signed Rose]",
        "I was angry.\n\n[signed Rose]\n\nWe knew from about four.",
        "[signed Rose]",
    ],
)
def test_it_is_never_put_under_other_words(cast, draft, words):
    keep(draft, ROSES, by=cast.rose)

    kept = keep(draft, words, by=cast.tom)

    assert draft.words == words.replace("[signed Rose]", "Rose")
    assert kept.unsigned == ("Rose",)


def test_whoever_signed_changes_the_words_and_stays_signed(cast, draft):
    keep(draft, ROSES, by=cast.rose)
    words = ROSES.replace("four", "five")

    keep(draft, words, by=cast.rose)

    assert draft.words == words


def test_two_of_one_name_are_told_apart(cast, draft):
    called(cast.tom, "Rose")
    keep(draft, ROSES, by=cast.rose)

    kept = keep(draft, "Mine.\n[signed Rose]\n\n" + ROSES, by=cast.tom)
    line = signing.line_of(draft, cast.tom)
    keep(draft, f"Mine.\n{line}\n\n{ROSES}", by=cast.tom)

    assert kept.unsigned == ("Rose",)
    assert line == "[signed Rose 2]"
    assert draft.signers == {"Rose": str(cast.rose.pk), "Rose 2": str(cast.tom.pk)}


def test_a_reader_meets_the_name_as_it_is_now_and_a_leavers_as_it_was(cast, draft):
    keep(draft, ROSES + "\n[signed Tom]", by=cast.rose)
    keep(draft, ROSES + "\n[signed Tom]", by=cast.tom)
    Profile.objects.update(name="Another name")
    named = signing.names_in(draft)

    coauthors.step_out(draft, by=cast.tom, at=NOW)

    assert named == {"Rose": "Another name", "Tom": "Another name"}
    assert signing.names_in(draft) == {"Rose": "Another name", "Tom": "Tom"}


def test_a_name_with_brackets_signs_all_the_same(cast, draft):
    called(cast.rose, "[Rose] of\n two")
    line = signing.line_of(draft, cast.rose)

    keep(draft, f"Words.\n{line}", by=cast.rose)

    assert line == "[signed Rose of two]"
    assert signing.names_in(draft) == {"Rose of two": "[Rose] of\n two"}


def test_of_two_at_the_same_time_no_word_and_no_signature_is_lost(cast, draft):
    page = EditorPage(uuid4(), draft.version)
    keep(draft, ROSES, by=cast.rose)
    toms = text_of(draft).changed(words="I held him.\n\n[signed Tom]")

    kept = autosave.save(draft, toms, by=cast.tom, page=page, at=NOW)
    autosave.restore(kept.beside, by=cast.rose, at=NOW)
    draft.refresh_from_db()
    [other] = autosave.from_other_devices(draft, by=cast.tom)

    assert draft.words == toms["words"]
    assert other.fields["words"] == ROSES
    assert signing.names_in(draft).keys() == {"Rose", "Tom"}
    keep(draft, toms["words"] + "\n" + ROSES, by=cast.tom)
    assert draft.words == toms["words"] + "\n" + ROSES


def test_a_shown_letter_is_signed_by_the_same_rule(cast):
    post = make_post(cast.rose, cast.tom, words="Words.")
    said = text_of(post).changed(words="Words.\n\n[signed Rose]")

    forged = editing.edit(post, said, by=cast.tom, page=EditorPage(uuid4(), post.version), at=NOW)
    post.refresh_from_db()
    plain = post.words
    editing.edit(post, said, by=cast.rose, page=EditorPage(uuid4(), post.version), at=NOW)
    post.refresh_from_db()

    assert (forged.unsigned, plain) == (("Rose",), "Words.\n\nRose")
    assert post.words == said["words"]


def test_at_the_end_of_nothing_there_is_nothing_to_sign():
    assert signing.signed(" \n", "[signed Rose]") == " \n"
    assert signing.signed("Words.\n", "[signed Rose]") == "Words.\n\n[signed Rose]\n"
