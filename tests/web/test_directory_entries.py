from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from beside.access import content_preferences
from beside.access.feeds import PAGE
from beside.finding import directory_entries
from beside.finding.directory_entries import Said
from beside.people.directory_entry_models import WhatHappened
from beside.posts.models import Audience, Facet
from tests.cast import NOW, make_account, make_post
from tests.responses.builders import take_letters
from tests.web.browser import as_, page, post, status
from tests.web.test_private_letters import text_of

pytestmark = pytest.mark.usefixtures("own_place")
NOBODY_YET = "Nobody here has said yet that they’d like to be found."
TYPED = {
    "words": "Ask us about Rory. We like it.",
    "what": "before birth",
    "when": "from 24 weeks",
    "language_1": "en",
    "language_2": "sv",
}


@pytest.fixture
def rose_is_found(cast):
    directory_entries.save(cast.rose, Said("Ask us.", WhatHappened.BEFORE_BIRTH), at=NOW)


def found_by(account, **asked) -> str:
    return text_of(as_(account).get(reverse("find"), asked).content.decode())


@pytest.mark.thorough
def test_somebody_says_that_they_want_to_be_found_and_takes_it_back(cast):
    rose = as_(cast.rose)
    assert NOBODY_YET in page(as_(cast.nan), "find")
    assert status(as_(cast.nan), "profile", cast.rose.pk) == 404

    answer = rose.post(reverse("directory_entry"), TYPED | {"agrees": "on"}, follow=True)

    assert "can find you now" in answer.content.decode()
    said = found_by(cast.nan)
    for words in (
        "Rose",
        "Ask us about Rory. We like it.",
        "A baby who died before birth",
        "24 weeks or later",
        "They read English and Swedish.",
        "That’s everyone.",
    ):
        assert words in said
    assert "Ask us about Rory." in page(as_(cast.nan), "profile", cast.rose.pk)
    assert "By people here who look for others" in page(rose, "you")

    answer = rose.post(reverse("directory_entry"), {"do": "end"}, follow=True)

    assert "what you’d said here is deleted" in answer.content.decode()
    assert NOBODY_YET in page(as_(cast.nan), "find")
    assert status(as_(cast.nan), "profile", cast.rose.pk) == 404


def test_without_the_yes_nothing_is_saved_and_nothing_typed_is_lost(cast):
    said = post(as_(cast.rose), "directory_entry", **TYPED).content.decode()

    assert "Nobody finds you until you’ve ticked this." in said
    assert TYPED["words"] in said
    assert '<option value="before birth" selected>' in said
    assert directory_entries.of(cast.rose) is None


def test_too_many_words_are_given_back(cast):
    typed = "word " * 150

    said = post(as_(cast.rose), "directory_entry", words=typed, agrees="on").content.decode()

    assert typed.strip() in said
    assert directory_entries.of(cast.rose) is None


@pytest.mark.thorough
def test_a_preview_shows_exactly_what_others_would_see_and_saves_nothing(cast):
    rose = as_(cast.rose)
    take_letters(cast.rose)
    directory_entries.end(cast.rose, at=NOW)

    said = post(rose, "directory_entry", **TYPED, do="preview").content.decode()
    preview = re.search(r'id="preview".*?</section>', said, re.DOTALL)[0]
    assert directory_entries.of(cast.rose) is None
    post(rose, "directory_entry", **TYPED, agrees="on")

    line = re.search(r"<li class=\"stack\">.*?</li>", page(as_(cast.nan), "find"), re.DOTALL)[0]
    assert text_of(line) in text_of(preview)
    assert "They’d like to be written to." in text_of(line)


@pytest.mark.thorough
def test_who_is_found_already_changes_the_words_without_saying_yes_again(cast, rose_is_found):
    rose = as_(cast.rose)
    assert "Ask us." in page(rose, "directory_entry")
    assert 'name="agrees"' not in page(rose, "directory_entry")

    post(rose, "directory_entry", words="Or don’t.")

    assert "Or don’t." in found_by(cast.nan)


def test_what_somebody_says_is_only_text(cast):
    directory_entries.save(cast.rose, Said("<script>alert(1)</script>"), at=NOW)

    for name, args in (("find", ()), ("profile", (cast.rose.pk,))):
        assert "<script>alert" not in page(as_(cast.nan), name, *args)


@pytest.mark.thorough
def test_people_are_looked_for(cast, rose_is_found):
    take_letters(cast.ada)

    assert "Rose" in found_by(cast.nan, q="ask", what="before birth")
    assert "Nobody here has said that." in found_by(cast.nan, q="ask", what="miscarriage")
    assert "Rose" in found_by(cast.nan, what="no such thing", language="tlh")
    only = found_by(cast.nan, write="on")
    assert "Ada" in only
    assert "Rose" not in only


def test_visitors_find_nobody(cast, rose_is_found, settings):
    make_post(cast.rose, words_for=Audience.ANYONE, words_signed_in=False)
    visitor = Client(HTTP_HOST="localhost")

    assert visitor.get(reverse("find"))["Location"].startswith(reverse("account_login"))
    assert "Ask us." not in page(visitor, "profile", cast.rose.pk)

    settings.BESIDE = settings.BESIDE.model_copy(update={"shelf_for_visitors": True})

    assert visitor.get(reverse("find"))["Location"] == reverse("shelf")
    assert reverse("find") not in page(visitor, "shelf")


def test_it_has_pages_that_keep_what_is_looked_for_and_an_end(cast):
    for number in range(PAGE + 1):
        said = Said("Hello.", WhatHappened.MISCARRIAGE)
        directory_entries.save(make_account(f"reader{number};"), said, at=NOW)
    nan, found, path = as_(cast.nan), set(), "?q=hello&what=miscarriage"
    while path:
        said = nan.get(reverse("find") + path).content.decode()
        found |= set(re.findall(r"Reader\d+;", said))
        further = re.search(r'href="(\?[^"]*after[^"]*)"', said)
        path = further.group(1).replace("&amp;", "&") if further else ""
        assert not path or "q=hello" in path

    assert len(found) == PAGE + 1
    assert "That’s everyone." in said
    assert nan.get(reverse("find"), {"after": "elsewhere"}).status_code == 404


def test_what_a_reader_wants_to_be_asked_about_is_folded(cast, rose_is_found):
    content_preferences.choose(cast.nan, {Facet.BEFORE_BIRTH: "ask"})

    for said in (
        page(as_(cast.nan), "find"),
        page(as_(cast.nan), "profile", cast.rose.pk),
    ):
        assert re.search(r"<details><summary>What they say is about.*?Ask us\.", said, re.DOTALL)


def test_nothing_is_counted(cast, rose_is_found):
    said = found_by(cast.nan)

    assert not re.search(r"\b\d+ (people|results?|found|others)\b", said)
