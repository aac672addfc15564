"""Private letters between two, in a browser."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from beside.responses import desk
from beside.responses.models import PrivateLetterChoice, Response
from tests.cast import NOW, Cast, make_cast
from tests.e2e.page_checks import is_well_made
from tests.responses.builders import letter_in_hand, passed_on, reads_first, take_letters, write

WORDS = "I’ve thought about whether I may write this."
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen"


@pytest.fixture
def cast(transactional_db, own_place) -> Cast:
    return make_cast()


def test_a_letter_is_written_read_first_and_answered_without_a_script(open_page, sign_in, cast):
    reads_first(cast.rose, cast.ines)
    take_letters(cast.rose)
    nan, ines, rose = (open_page(java_script_enabled=False) for _ in range(3))
    sign_in(nan, cast.nan)
    nan.goto(reverse("profile", args=[cast.rose.pk]))
    nan.get_by_role("link", name="Write to").click()
    nan.get_by_label("Your words").fill(WORDS)
    nan.get_by_role("button", name="Give it to").click()
    expect(nan.get_by_role("status")).to_contain_text("It’s sent.")

    sign_in(ines, cast.ines)
    ines.goto(reverse("desk"))
    ines.get_by_role("button", name="Let it through").click()

    sign_in(rose, cast.rose)
    rose.goto(reverse("inbox"))
    rose.get_by_role("link", name="Nan").click()
    expect(rose.get_by_role("main")).to_contain_text(WORDS)
    rose.get_by_label("Write back, if you like").fill("Dear Nan.")
    rose.get_by_role("button", name="Send it to").click()

    nan.goto(reverse("private_letters", args=[cast.rose.pk]))
    expect(nan.get_by_role("main")).to_contain_text("Dear Nan.")
    nan.get_by_role("button", name="Take it back").click()
    expect(nan.get_by_role("status")).to_contain_text("It’s taken back.")
    assert Response.objects.get().words == "Dear Nan."


@pytest.mark.parametrize(
    "name", ["inbox", "response", "private_letters", "private_letter_choice", "responses"]
)
def test_the_pages_of_letters_are_well_made(open_page, sign_in, cast, name):
    letter = passed_on(cast.rose, cast.nan, f"{WORDS} {LONG}")
    write(cast.rose, cast.nan, f"Dear Nan.\n\n{LONG}")
    PrivateLetterChoice.objects.update(paused_since=NOW)
    page = open_page()
    sign_in(page, cast.rose)
    ids = {"response": [letter.pk], "private_letters": [cast.nan.pk]}

    page.goto(reverse(name, args=ids.get(name, [])))

    is_well_made(page)


def test_a_letter_at_the_desk_is_well_made(open_page, sign_in, cast):
    reads_first(cast.rose, cast.ines)
    letter = letter_in_hand(cast.rose, cast.ines, cast.nan, f"{WORDS} {LONG}")
    page = open_page()
    sign_in(page, cast.ines)
    page.goto(reverse("desk"))
    is_well_made(page)

    desk.ask_authors(letter.pk, f"Would you? {LONG}", by=cast.ines, at=NOW)
    sign_in(page, cast.rose)
    page.goto(reverse("inbox"))

    expect(page.get_by_role("main")).to_contain_text("whether you’d like to read a letter to you")
    is_well_made(page)
