"""Responding to a letter, and reading what came back, in a browser."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from beside.posts.models import Audience, Post
from beside.responses import desk, inbox
from beside.responses.models import RespondedBy, Response
from tests.cast import NOW, Cast, make_cast, make_post
from tests.e2e.page_checks import is_well_made
from tests.responses.builders import in_hand, reads_first, take_responses

WORDS = "I don’t know what to say, so I’m saying that."
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen"


@pytest.fixture
def cast(transactional_db, own_place) -> Cast:
    return make_cast()


@pytest.fixture
def letter(cast) -> Post:
    letter = make_post(cast.rose, cast.tom, words_for=Audience.ANYONE)
    take_responses(letter, helps=f"His name. {LONG}")
    reads_first(cast.rose, cast.ines)
    return letter


def passed_on(cast: Cast, letter: Post, words: str) -> Response:
    one = in_hand(letter, cast.ines, cast.nan, f"{words} {LONG}", pen_name=LONG)
    desk.pass_on(one.pk, by=cast.ines, at=NOW)
    return one


def test_somebody_responds_and_takes_it_back(open_page, sign_in, cast, letter):
    page = open_page()
    sign_in(page, cast.nan)
    page.goto(reverse("letter", args=[letter.pk]))
    is_well_made(page)

    page.get_by_label("Your words").fill(WORDS)
    page.get_by_role("button", name="Give it to Ines").click()
    expect(page.get_by_role("status")).to_contain_text("It’s sent.")
    page.get_by_role("button", name="I was here").click()
    expect(page.get_by_role("main")).to_contain_text("You’ve let them know")
    page.goto(reverse("responses"))
    is_well_made(page)
    page.get_by_role("button", name="Take it back").click()

    expect(page.get_by_role("status")).to_contain_text("It’s taken back.")
    assert not Response.objects.exists()


def test_the_page_that_keeps_what_was_typed_is_well_made(open_page, sign_in, cast, letter):
    page = open_page()
    sign_in(page, cast.nan)
    page.goto(reverse("respond", args=[letter.pk]))
    page.get_by_label("Your words").fill(WORDS)
    page.get_by_text("Under another name").click()
    page.get_by_label("Another name, for this one response").fill(LONG * 2)
    page.get_by_role("button", name="Give it to Ines").click()
    expect(page.get_by_label("Your words")).to_have_value(WORDS)
    is_well_made(page)

    take_responses(letter, RespondedBy.NOBODY)
    page.get_by_label("Another name, for this one response").fill("")
    page.get_by_role("button", name="Give it to Ines").click()

    expect(page.get_by_label("What you wrote")).to_have_value(WORDS)
    is_well_made(page)


def test_an_author_reads_what_came_without_a_script(open_page, sign_in, cast, letter):
    passed_on(cast, letter, WORDS)
    page = open_page(java_script_enabled=False)
    sign_in(page, cast.rose)
    page.goto(reverse("inbox"))

    page.get_by_role("link", name=LONG).click()
    page.get_by_role("button", name="Let it stand beside the letter").click()
    expect(page.get_by_role("status")).to_contain_text("It stands beside your letter now")
    page.get_by_role("button", name="Put it away").click()
    page.goto(reverse("letter", args=[letter.pk]))
    page.get_by_role("button", name="Take it down").click()

    expect(page.get_by_role("main")).not_to_contain_text(WORDS)


@pytest.mark.parametrize(
    "name", ["inbox", "response", "put_away_responses", "response_choice", "letter"]
)
def test_an_authors_pages_are_well_made(open_page, sign_in, cast, letter, name):
    asked = in_hand(letter, cast.ines, cast.ada, "Asked.")
    desk.ask_authors(asked.pk, f"Would you? {LONG}", by=cast.ines, at=NOW)
    shown, away = (passed_on(cast, letter, words) for words in (WORDS, "Away."))
    inbox.show(shown.pk, by=cast.rose, at=NOW)
    inbox.put_away(away.pk, by=cast.rose, at=NOW)
    page = open_page()
    sign_in(page, cast.rose)
    ids = {"response": [shown.pk], "response_choice": [letter.pk], "letter": [letter.pk]}

    page.goto(reverse(name, args=ids.get(name, [])))

    is_well_made(page)
