"""From an invitation to a first letter for one person, with one thumb on a small phone."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from beside.people import invitations
from tests.cast import make_cast
from tests.e2e.page_checks import is_well_made

SMALL = {"viewport": {"width": 320, "height": 568}}
LETTER = "He was born on a Tuesday. He had your hands."
# Counted in November 2026, beside the ways of others (docs/using.md). Each more is one more thing to decide.
MOST_PRESSES, MOST_WORDS = 12, 900
SMALLEST_PX = 44


class Thumb:
    """Presses, counts the presses, and counts the words of each page that it comes to."""

    def __init__(self, page: Page) -> None:
        self.page, self.presses, self.words = page, 0, 0
        self.read()

    def read(self) -> None:
        self.words += len(self.page.get_by_role("main").inner_text().split())
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= SMALL["viewport"]["width"], self.page.url

    def press(self, what: Locator) -> None:
        what.scroll_into_view_if_needed()
        box = what.bounding_box()
        assert box, what
        assert box["height"] >= SMALLEST_PX, what
        what.tap()
        self.presses += 1

    def type(self, label: str, text: str) -> None:
        self.press(self.page.get_by_label(label))
        self.page.keyboard.type(text)

    def comes_to(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        self.read()


@pytest.fixture(autouse=True)
def nobody_has_signed_up_before(transactional_db):
    """Limits count in the cache, which no flush of the database empties."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def secret(transactional_db, own_place) -> str:
    _row, secret = invitations.make(make_cast().rose, name="Ines", at=timezone.now())
    return secret


@pytest.fixture
def thumb(open_page, secret) -> Thumb:
    page = open_page(**SMALL)
    page.goto(f"/join/{secret}/")
    return Thumb(page)


def makes_a_place(thumb: Thumb) -> None:
    button = thumb.page.get_by_role("button", name="Make your place here")
    thumb.press(button)
    thumb.comes_to("has made room for you")
    thumb.type("What may we call you?", "Clara")
    thumb.type("Your e-mail address", "clara@home.example")
    thumb.press(thumb.page.get_by_role("button", name="send me a code"))
    thumb.comes_to("Look in your mail")
    # The one field of that page has the cursor already.
    thumb.page.keyboard.type(re.search(r"\d{4} \d{4}", mail.outbox[-1].body).group())
    thumb.press(thumb.page.get_by_role("button", name="Come in"))
    thumb.comes_to("Your place is ready")


def writes_a_letter(thumb: Thumb) -> None:
    page = thumb.page
    thumb.press(page.get_by_role("main").get_by_role("link", name="Write"))
    thumb.comes_to("Write")
    thumb.type("As much or as little as you want", LETTER)
    thumb.press(page.locator("summary").filter(has_text="Publish"))
    thumb.press(page.get_by_role("button", name="Continue to publishing"))
    thumb.comes_to("Publish")


def makes_a_link(thumb: Thumb) -> str:
    page = thumb.page
    thumb.press(page.get_by_role("button", name="make a link for one person"))
    thumb.comes_to("Links for one person")
    thumb.type("Who is it for?", "Nan")
    thumb.press(page.get_by_role("button", name="Make the link"))
    expect(page.get_by_role("heading", name="A link for Nan")).to_be_visible()
    thumb.read()
    return page.get_by_label("Copy it now").input_value()


def test_a_first_letter_for_one_person_takes_few_presses_and_few_words(
    thumb, open_page, server, settings
):
    settings.BESIDE = settings.BESIDE.model_copy(update={"url": server})

    makes_a_place(thumb)
    writes_a_letter(thumb)
    link = makes_a_link(thumb)

    nan = open_page(**SMALL)
    nan.goto(link)
    nan.get_by_role("button", name="Open").first.tap()
    expect(nan.get_by_text(LETTER)).to_be_visible()
    assert thumb.presses <= MOST_PRESSES
    assert thumb.words <= MOST_WORDS


def test_an_address_is_copied_by_a_press(thumb, server, settings):
    settings.BESIDE = settings.BESIDE.model_copy(update={"url": server})
    page = thumb.page
    makes_a_place(thumb)
    writes_a_letter(thumb)
    link = makes_a_link(thumb)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    page.get_by_role("button", name="Copy it").tap()

    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == link
    is_well_made(page)


def test_an_empty_home_says_the_three_things_one_can_do(thumb):
    makes_a_place(thumb)

    things = thumb.page.get_by_role("main").get_by_role("link").get_by_role("heading")

    assert things.all_inner_texts() == ["Write", "Put photographs away safely", "Find others"]
