from __future__ import annotations

import pytest
from django.urls import reverse

from beside.access import content_preferences
from beside.access.models import Consent
from beside.finding import directory_entries, shelf
from beside.finding.directory_entries import Said
from beside.people import accounts
from beside.posts import facets, indexed_texts
from beside.posts.models import Audience, Facet, Post
from tests.cast import NOW, make_photo, make_post
from tests.web.browser import as_, page

pytestmark = pytest.mark.usefixtures("own_place")
NOTHING = "Nothing was found."


def letter(*authors, **more) -> Post:
    post = make_post(*authors, **more)
    indexed_texts.catch_up()
    return post


def searched(account, **asked) -> str:
    answer = as_(account).get(reverse("search"), asked)
    assert answer.status_code == 200
    return answer.content.decode().split("<main")[1]


@pytest.mark.thorough
def test_the_box_is_where_somebody_would_look(cast):
    letter(cast.rose)
    make_photo(cast.rose)
    for name in ("search", "letters", "drawer", "shelf"):
        assert f'action="{reverse("search")}"' in page(as_(cast.rose), name)


@pytest.mark.thorough
def test_a_letter_is_found_with_its_sentence_and_the_word_marked(cast):
    post = letter(
        cast.rose,
        words="It was **March**. We lit *a candle* & sang. Then home.",
        words_for=[cast.nan],
    )

    for account in (cast.nan, cast.rose):
        said = searched(account, q="cand")
        assert "We lit a <strong>candle</strong> &amp; sang." in said
        assert reverse("letter", args=[post.pk]) in said
        assert "Then home" not in said
    assert NOTHING in searched(cast.ines, q="candle")


def test_a_draft_leads_to_writing_and_a_title_needs_no_sentence(cast):
    draft = letter(cast.rose, state=Post.State.DRAFT, title="Tulips", words="Nothing else.")

    said = searched(cast.rose, q="tulip")

    assert reverse("edit_letter", args=[draft.pk]) in said
    assert "A draft" in said
    assert "<strong>" not in said


def test_a_photograph_is_told_and_not_shown(cast):
    photo = make_photo(cast.rose, caption="His knitted hat. It was small.", description="Light.")
    indexed_texts.catch_up()

    said = searched(cast.rose, q="hat")

    assert "His knitted <strong>hat</strong>." in said
    assert reverse("drawer_sheet", args=[photo.pk]) in said
    assert "/p/" not in said
    assert "<img" not in said


@pytest.mark.thorough
def test_a_caption_is_told_while_its_photograph_lies_open(cast):
    photo = make_photo(cast.rose, caption="His knitted hat.")
    letter(cast.rose, words_for=[cast.nan], photographs_for=[cast.nan], photos=[photo])
    assert NOTHING in searched(cast.nan, q="knitted")

    Consent.objects.create(photo=photo, account=cast.nan)

    said = searched(cast.nan, q="knitted")
    assert "His <strong>knitted</strong> hat." in said
    assert "Said about a photograph that’s open to you." in said


@pytest.mark.thorough
def test_a_letter_is_told_once(cast):
    post = letter(cast.rose, words="A candle.", words_for=Audience.ANYONE)
    shelf.allow(post, by=cast.rose, at=NOW)

    assert searched(cast.rose, q="candle").count(reverse("letter", args=[post.pk])) == 1
    assert "On the open shelf" in searched(cast.nan, q="candle")
    assert "On the open shelf" not in searched(cast.rose, q="candle")


@pytest.mark.thorough
def test_what_a_reader_wants_to_be_asked_about_shows_no_sentence(cast):
    post = letter(cast.rose, words="A candle.", words_for=[cast.nan])
    facets.choose(post, [Facet.ILLNESS], by=cast.rose)
    content_preferences.choose(cast.nan, {Facet.ILLNESS: "ask"})

    said = searched(cast.nan, q="candle")

    assert reverse("show_anyway", args=[post.pk]) in said
    assert "<strong>" not in said

    content_preferences.not_today(cast.nan, at=NOW)
    assert "only what’s yours was looked in" in searched(cast.nan, q="candle")


def test_what_has_changed_behind_the_index_shows_nothing_old(cast):
    post = letter(cast.rose, words="A candle.", words_for=[cast.nan])
    Post.objects.filter(pk=post.pk).update(words="A lamp.")

    assert "A lamp" not in searched(cast.nan, q="candle")
    assert NOTHING in searched(cast.nan, q="candle")


@pytest.mark.thorough
def test_people_are_found_by_name(cast):
    accounts.describe(cast.ines, name="Ines Øvergård", words="")
    directory_entries.save(cast.ines, Said(), at=NOW)

    assert reverse("profile", args=[cast.ines.pk]) in searched(cast.nan, q="overg")
    assert NOTHING in searched(cast.nan, q="rose")


@pytest.mark.thorough
@pytest.mark.parametrize(
    "typed",
    ['" OR *', "a\x00candle", "x" * 10_000, "((((", "' OR 1=1 --", "candle" * 2000, "🕯", "%_\\"],
)
def test_anything_may_be_typed(cast, typed):
    letter(cast.rose, words="A candle.", words_for=Audience.ANYONE)

    for name in ("search", "shelf"):
        assert as_(cast.nan).get(reverse(name), {"q": typed}).status_code == 200


def test_without_a_word_nothing_is_looked_for_and_that_is_said(cast):
    assert "There’s no word in that to look for." in searched(cast.nan, q="—…")
    assert NOTHING not in searched(cast.nan)
    assert "no word in that" not in searched(cast.nan)


@pytest.mark.thorough
def test_one_part_goes_on_and_leads_back(cast):
    for number in range(23):
        make_post(cast.rose, words=f"Candle {number}.", words_for=[cast.nan])
    indexed_texts.catch_up()

    first = searched(cast.nan, q="candle")
    further = first.split('class="btn quiet" href="')[1].split('"')[0].replace("&amp;", "&")
    rest = as_(cast.nan).get(reverse("search") + further).content.decode()

    assert first.count("<strong>") == 20
    assert rest.count("<strong>") == 3
    assert "Everything with these words" in rest
    assert (
        as_(cast.nan).get(reverse("search"), {"q": "x", "in": "given", "before": "x"}).status_code
        == 404
    )


def test_the_shelf_is_found_by_a_word_and_shows_its_sentence(cast):
    post = letter(cast.rose, words="Other. We lit a candle. More.", words_for=Audience.ANYONE)
    shelf.allow(post, by=cast.rose, at=NOW)

    found = as_(cast.nan).get(reverse("shelf"), {"q": "cand"}).content.decode()
    missed = as_(cast.nan).get(reverse("shelf"), {"q": "lamp"}).content.decode()

    assert "We lit a <strong>candle</strong>." in found
    assert "Other." not in found
    assert "There’s nothing here yet." in missed
