from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from beside.thanks.models import Way
from tests.cast import Cast, make_cast
from tests.e2e.page_checks import is_well_made
from tests.thanks.builders import draft, send

A6, A4 = (105, 148), (210, 297)


@pytest.fixture
def cast(transactional_db, own_place) -> Cast:
    return make_cast()


@pytest.fixture
def at_this_address(server, settings):
    settings.BESIDE = settings.BESIDE.model_copy(update={"url": server})


def write(page: Page, way: str, words: str = "You warmed the blanket.") -> None:
    page.goto(reverse("thank_you_notes"))
    page.get_by_label("To whom?").fill("Ingrid, nights, ward 6")
    page.get_by_label("Your words", exact=True).fill(words)
    page.get_by_label("From whom?").fill("Rose, Tom, and Emil")
    page.get_by_role("radio", name=re.compile("^I do")).check()
    page.get_by_role("radio", name=re.compile(f"^{way}")).check()
    page.get_by_role("button", name="Go on").click()


def sizes_mm(pdf: bytes) -> list[tuple[int, int]]:
    """The size of each page of a PDF, whose points are 1/72 of an inch."""
    boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", pdf)
    return [(round(float(x) * 25.4 / 72), round(float(y) * 25.4 / 72)) for x, y in boxes]


def test_its_authors_pages_are_well_made(page, sign_in, cast):
    draft(cast.rose)
    note, _code = send(cast.rose)
    send(cast.rose, Way.TEAM)
    sign_in(page, cast.rose)

    for address in (
        reverse("thank_you_notes"),
        reverse("thank_you_note", args=[note.pk]),
        reverse("thank_you_note", args=[draft(cast.rose).pk]),
    ):
        page.goto(address)
        assert page.locator("h1").count() == 1
        is_well_made(page)


def test_its_readers_pages_are_well_made(page, cast):
    _note, code = send(cast.rose)

    for address in ("/t/", f"/t/{code}/", "/t/22222-22222/"):
        page.goto(address)
        is_well_made(page)
    page.goto(f"/t/{code}/")
    page.get_by_role("button", name="Open it").click()

    expect(page.get_by_text("You warmed the blanket")).to_be_visible()
    is_well_made(page)
    page.get_by_label("Your answer").fill("You’d kept the card.")
    page.get_by_label("Your name").fill("Ingrid")
    page.get_by_role("button", name="Send your answer").click()

    expect(page.get_by_text("Your answer is on its way")).to_be_visible()
    is_well_made(page)


def test_the_teams_page_is_well_made_with_its_cards(page, sign_in, cast):
    send(cast.rose, Way.TEAM)
    sign_in(page, cast.marit)
    page.goto(reverse("hand_overs"))
    is_well_made(page)

    page.get_by_role("button", name="Print these cards").click()

    page.locator(".cards").wait_for()
    is_well_made(page)


@pytest.mark.usefixtures("at_this_address")
def test_a_link_is_opened_by_somebody_without_an_account_and_without_a_script(
    open_page, sign_in, cast
):
    rose, ingrid = open_page(java_script_enabled=False), open_page(java_script_enabled=False)
    sign_in(rose, cast.rose)
    write(rose, "Give me a link to send myself")
    link = rose.get_by_label("Copy it now").input_value()

    ingrid.goto(link)
    ingrid.get_by_role("button", name="Open it").click()
    expect(ingrid.get_by_text("You warmed the blanket.")).to_be_visible()
    assert ingrid.url.endswith("/t/")
    rose.get_by_role("button", name="End its address").click()
    expect(rose.get_by_text("opens nothing any more, anywhere")).to_be_visible()
    ingrid.reload()

    expect(ingrid.get_by_text("There’s nothing to open here now")).to_be_visible()


def test_of_two_who_answer_one_keeps_her_words(open_page, cast):
    _note, code = send(cast.rose)
    first, second = open_page(java_script_enabled=False), open_page(java_script_enabled=False)
    for number, page in enumerate((first, second)):
        page.goto(f"/t/{code}/")
        page.get_by_role("button", name="Open it").click()
        page.get_by_label("Your answer").fill(f"I remember the snow. {number}")
        page.get_by_label("Your name").fill("Ingrid")

    for page in (first, second):
        page.get_by_role("button", name="Send your answer").click()

    expect(first.get_by_text("Your answer is on its way")).to_be_visible()
    expect(second.get_by_text("it takes one answer")).to_be_visible()
    expect(second.get_by_label("What you wrote")).to_have_value("I remember the snow. 1")


def test_the_team_prints_and_hands_over_without_a_script(open_page, sign_in, cast):
    rose, marit = open_page(java_script_enabled=False), open_page(java_script_enabled=False)
    sign_in(rose, cast.rose)
    sign_in(marit, cast.marit)
    write(rose, "Let the team hand it over, on paper")

    marit.goto(reverse("notices"))
    marit.get_by_role("link", name="print its card").click()
    marit.get_by_role("button", name="Print these cards").click()
    typed = marit.locator(".cards .address").inner_text()
    marit.get_by_role("button", name="It’s handed over").click()
    ingrid = open_page(java_script_enabled=False)
    ingrid.goto("/t/")
    ingrid.get_by_label("The address on your card").fill(typed.upper())
    ingrid.get_by_role("button", name="Open it").click()

    expect(ingrid.get_by_text("You warmed the blanket.")).to_be_visible()
    rose.goto(reverse("thank_you_notes"))
    expect(rose.get_by_text("Handed over by Marit")).to_be_visible()


@pytest.mark.parametrize(
    ("way", "size", "cards"), [("Let me print it", A6, 1), ("Let me print four", A4, 4)]
)
def test_a_card_is_printed_at_its_size(page, sign_in, cast, way, size, cards):
    sign_in(page, cast.rose)
    write(page, way)
    page.locator(".cards").wait_for()

    is_well_made(page)
    assert sizes_mm(page.pdf(prefer_css_page_size=True)) == [size]
    page.emulate_media(media="print")
    boxes = [one.bounding_box() for one in page.locator(".cards>li").all()]
    assert len(boxes) == cards
    assert {
        (round(box["width"] * 25.4 / 96), round(box["height"] * 25.4 / 96)) for box in boxes
    } == {A6}
    inside = page.locator(".cards>li").evaluate_all(
        "cards => cards.every(card => card.scrollHeight <= card.clientHeight + 1)"
    )
    assert inside


def test_five_cards_of_the_team_are_two_sheets(page, sign_in, cast):
    for _ in range(5):
        send(cast.rose, Way.TEAM)
    sign_in(page, cast.marit)
    page.goto(reverse("hand_overs"))

    page.get_by_role("button", name="Print these cards").click()
    page.locator(".cards").wait_for()

    assert sizes_mm(page.pdf(prefer_css_page_size=True)) == [A4, A4]
