from __future__ import annotations

import pytest
from playwright.sync_api import expect

from beside.notices.models import Notice
from tests.cast import NOW, make_account
from tests.e2e.page_checks import is_well_made

PAGES = ["/", "/away", "/help", "/help/kept", "/light", "/nothing-here"]


@pytest.mark.parametrize("address", PAGES)
def test_the_frame_is_well_made_in_both_lights(page, address):
    page.goto(address)

    is_well_made(page)


@pytest.mark.parametrize("address", PAGES)
def test_the_frame_is_well_made_in_larger_letters(page, server, address):
    page.context.add_cookies([{"name": "large", "value": "1", "url": server}])
    page.goto(address)

    is_well_made(page)


@pytest.mark.parametrize("address", PAGES)
def test_the_frame_is_whole_without_javascript(no_javascript_page, address):
    no_javascript_page.goto(address)

    assert no_javascript_page.locator("h1").count() == 1
    assert no_javascript_page.locator("main").is_visible()


def test_stepping_away_takes_the_place_of_the_page(page):
    page.goto("/help")
    page.goto("/light")

    page.get_by_role("link", name="Step away").click()
    page.wait_for_url("**/away")
    page.go_back()

    assert page.url.endswith("/help")


def test_escape_steps_away(page):
    page.goto("/help")

    page.keyboard.press("Escape")

    page.wait_for_url("**/away")


def test_stepping_away_works_without_javascript(no_javascript_page):
    no_javascript_page.goto("/help")

    no_javascript_page.get_by_role("link", name="Step away").click()

    expect(no_javascript_page.get_by_role("heading", name="You’ve stepped away")).to_be_visible()


def test_lamplight_comes_at_once_and_stays(page):
    page.goto("/light")

    with page.expect_response("**/light"):
        page.get_by_label("Lamplight").check()
    at_once = page.locator("html").get_attribute("data-light")
    page.get_by_text("Saved.").wait_for()
    page.goto("/help")

    assert at_once == "lamp"
    assert page.locator("html").get_attribute("data-light") == "lamp"


def test_larger_letters_are_kept_without_javascript(no_javascript_page):
    no_javascript_page.goto("/light")

    no_javascript_page.get_by_label("Larger text").check()
    no_javascript_page.get_by_role("button", name="Save").click()

    assert "large" in no_javascript_page.locator("html").get_attribute("class")


def test_the_way_to_the_page_is_the_first_thing_a_keyboard_meets(page):
    page.goto("/help")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"


def test_a_page_stands_in_forced_colours(open_page):
    page = open_page(forced_colors="active")

    page.goto("/light")

    assert page.get_by_role("button", name="Save").is_visible()


def test_nothing_at_an_address_says_so(page):
    answer = page.goto("/nothing-here")

    assert answer.status == 404
    assert page.get_by_role("heading", name="There’s nothing at this address").is_visible()


def test_the_five_words_are_at_the_thumb_and_well_made(page, sign_in):
    nan = make_account("nan")
    Notice.objects.create(recipient=nan, kind=Notice.Kind.SIGNED_IN, at=NOW)
    sign_in(page, nan)
    page.goto("/help")

    words = page.get_by_role("navigation", name="Main").get_by_role("link").all_text_contents()
    bar = page.get_by_role("navigation", name="Main").bounding_box()
    assert words == ["Home", "Find", "Write", "Letters", "You"]
    assert bar["y"] + bar["height"] == 844
    assert page.get_by_role("link", name="News (something new)").is_visible()
    is_well_made(page)
