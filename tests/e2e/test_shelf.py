"""The open shelf in a browser: a letter is put there, found, and taken off."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from beside.finding import shelf
from beside.posts import facets
from beside.posts.models import Audience, Facet, Post
from tests.cast import NOW, Cast, make_cast, make_post
from tests.e2e.page_checks import is_well_made

LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen"


@pytest.fixture
def cast(transactional_db, own_place) -> Cast:
    return make_cast()


@pytest.fixture
def letter(cast) -> Post:
    letter = make_post(cast.rose, cast.tom, words_for=Audience.ANYONE, title=LONG)
    facets.choose(letter, [Facet.AFTER_BIRTH], by=cast.rose)
    shelf.allow(letter, by=cast.tom, at=NOW)
    return letter


def test_an_author_puts_a_letter_on_the_shelf_and_a_reader_finds_it(
    open_page, sign_in, cast, letter
):
    author = open_page()
    sign_in(author, cast.rose)
    author.goto(reverse("letter", args=[letter.pk]))
    author.locator("header summary").click()
    author.get_by_role("link", name="May it be found").click()
    is_well_made(author)
    author.get_by_role("button", name="Let it be found").click()
    expect(author.get_by_role("main")).to_contain_text("It’s on the shelf.")
    author.get_by_label("The language it’s written in").select_option("de")
    author.get_by_role("button", name="Save").click()
    expect(author.get_by_role("status")).to_contain_text("Saved.")
    is_well_made(author)

    reader = open_page()
    sign_in(reader, cast.nan)
    reader.goto(reverse("home"))
    reader.get_by_role("link", name="Find", exact=True).click()
    reader.get_by_role("navigation", name="Find").get_by_role("link", name="Letters").click()
    expect(reader.get_by_role("link", name=LONG)).to_be_visible()
    is_well_made(reader)
    reader.locator("main details").evaluate("about => { about.open = true; }")
    reader.get_by_label("What happened").select_option("A baby who died after birth")
    reader.get_by_label("Written in").select_option("Deutsch")
    reader.get_by_role("button", name="Find").click()
    expect(reader.get_by_role("link", name=LONG)).to_be_visible()
    is_well_made(reader)


def test_an_empty_shelf_says_so(open_page, sign_in, cast):
    page = open_page()
    sign_in(page, cast.nan)
    page.goto(reverse("shelf"))

    expect(page.get_by_role("main")).to_contain_text("There’s nothing here yet.")
    is_well_made(page)
